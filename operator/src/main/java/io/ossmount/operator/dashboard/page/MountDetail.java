package io.ossmount.operator.dashboard.page;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.control.PodTraffic;
import io.ossmount.operator.dashboard.history.Sample;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the page of a mount shows; immutable.
 *
 * @param volumes that use it
 * @param past traffic of the last hour, in steps of a minute
 * @param since when something of that traffic was first known; null: nothing is
 * @param uploads that run
 * @param tests of it; null: this cluster has none
 * @param events of it and of its cache pods, the latest first; null: they could not be read
 */
public record MountDetail(
    OssMount mount,
    List<Volume> volumes,
    List<Sample> past,
    @Nullable Instant since,
    PodTraffic.Uploads uploads,
    @Nullable List<GenericKubernetesResource> tests,
    @Nullable List<Event> events,
    Instant now) {

  /**
   * A PersistentVolume.
   *
   * @param claim NAMESPACE/NAME; null: none, or one that the user may not know of
   * @param nodes on which it is in use
   */
  public record Volume(String name, @Nullable String claim, List<String> nodes) {}
}
