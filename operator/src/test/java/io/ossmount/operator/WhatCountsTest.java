package io.ossmount.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhatCountsTest {
  private final OssMount before = mount();

  private static OssMount mount() {
    var mount = new OssMount();
    mount.getMetadata().setGeneration(1L);
    return mount;
  }

  private boolean counts(OssMount now) {
    return new WhatCounts().accept(now, before);
  }

  @Test
  void aStatusAndAnnotationsOfOthersDoNot() {
    // given
    var now = mount();
    now.setStatus(
        new OssMountStatus(
            1L, List.of(), "0/1", 0, null, List.of(), null, List.of(), null, null, null));
    now.getMetadata().setResourceVersion("8");
    now.getMetadata().setAnnotations(Map.of("example.com/note", "x"));

    // then
    assertThat(counts(now)).isFalse();
  }

  @Test
  void aSpecADeletionAFinalizerAndWhatAnnotationsAskDo() {
    // given
    var spec = mount();
    spec.getMetadata().setGeneration(2L);
    var deletion = mount();
    deletion.getMetadata().setDeletionTimestamp("2026-11-25T12:00:00Z");
    var finalizer = mount();
    finalizer.getMetadata().setFinalizers(List.of("ossmount.io/volumes"));
    var reset = mount();
    reset.getMetadata().setAnnotations(Map.of("ossmount.io/reset", "monday"));
    var forgetting = mount();
    forgetting.getMetadata().setAnnotations(Map.of("ossmount.io/forget-pending", "n1"));

    // then
    assertThat(List.of(spec, deletion, finalizer, reset, forgetting)).allMatch(this::counts);
  }
}
