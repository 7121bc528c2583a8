package io.ossmount.operator;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of an OssMount are looked at: of its spec, its deletion, its finalizers, and the
 * annotations that ask for something. Else the operator would look at each status that it writes.
 */
final class WhatCounts implements OnUpdateFilter<OssMount> {
  private static final List<String> ASKING = List.of(Annotations.RESET, Annotations.FORGET_PENDING);

  @Override
  public boolean accept(OssMount now, OssMount before) {
    var newer = now.getMetadata();
    var older = before.getMetadata();
    return !Objects.equals(newer.getGeneration(), older.getGeneration())
        || !Objects.equals(newer.getDeletionTimestamp(), older.getDeletionTimestamp())
        || !Objects.equals(newer.getFinalizers(), older.getFinalizers())
        || !ASKING.stream().allMatch(key -> Objects.equals(value(newer, key), value(older, key)));
  }

  private static @Nullable String value(ObjectMeta metadata, String key) {
    var annotations = metadata.getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
