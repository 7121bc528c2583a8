package io.ossmount.operator;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of an OssMount are looked at: of its spec, its deletion, its finalizers, and the
 * one annotation that asks for something. Else the operator would look at each status that it
 * writes.
 */
final class WhatCounts implements OnUpdateFilter<OssMount> {
  @Override
  public boolean accept(OssMount now, OssMount before) {
    var newer = now.getMetadata();
    var older = before.getMetadata();
    return !Objects.equals(newer.getGeneration(), older.getGeneration())
        || !Objects.equals(newer.getDeletionTimestamp(), older.getDeletionTimestamp())
        || !Objects.equals(newer.getFinalizers(), older.getFinalizers())
        || !Objects.equals(reset(newer), reset(older));
  }

  private static @Nullable String reset(ObjectMeta metadata) {
    var annotations = metadata.getAnnotations();
    return annotations == null ? null : annotations.get(Annotations.RESET);
  }
}
