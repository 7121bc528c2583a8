package io.ossmount.operator.report;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.ResetStatus;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedPod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a reset of the caches is: each cache pod that runs has to say that it has done it. One
 * that has not started yet does it before it serves, and does not count. Once it is done everywhere
 * it stays done, whatever pods come later.
 *
 * @param value that asks for it
 * @param done nodes that have done it
 * @param waiting nodes that have not
 * @param droppedBytes of those that have
 * @param failure of the first node that cannot; null: none says so
 */
record ResetProgress(
    String value,
    List<String> done,
    List<String> waiting,
    long droppedBytes,
    @Nullable String failure) {
  private static final String TYPE = Reasons.RESET_PENDING;

  ResetProgress {
    done = List.copyOf(done);
    waiting = List.copyOf(waiting);
  }

  /** Of the OssMount's cache pods; empty: no reset is asked for. */
  static Optional<ResetProgress> of(Observed observed, Collection<ObservedPod> pods) {
    var value = observed.reset().asked();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    var done = new ArrayList<String>();
    var waiting = new ArrayList<String>();
    long dropped = 0;
    String failure = null;
    for (var pod : pods) {
      var reset = observed.report(pod).reset();
      boolean isOfValue = reset.value().equals(value);
      if (isOfValue && reset.finished()) {
        done.add(pod.node());
        dropped += reset.droppedBytes();
      } else if (pod.address() != null) {
        waiting.add(pod.node());
        if (failure == null && isOfValue && !reset.error().isEmpty()) {
          failure = "on node %s: %s; it is tried again".formatted(pod.node(), reset.error());
        }
      }
    }
    return Optional.of(new ResetProgress(value, done, waiting, dropped, failure));
  }

  /** The condition; empty: no reset was ever asked for. */
  static Optional<Finding> finding(Observed observed, Collection<ObservedPod> pods) {
    var problem = observed.reset().problem();
    if (problem != null) {
      return Optional.of(
          Finding.no(
              TYPE,
              Reasons.RESET_INVALID,
              "nothing was reset for the value of the annotation %s: %s; give it another one, such as a date"
                  .formatted(Annotations.RESET, problem)));
    }
    return of(observed, pods).map(progress -> progress.finding(observed.reset().before()));
  }

  private Finding finding(@Nullable ResetStatus before) {
    var known = known(before);
    if (known != null && known.finishedAt() != null) {
      return Finding.no(
          TYPE, Reasons.RESET_DONE, Objects.requireNonNullElse(known.message(), message()));
    }
    if (waiting.isEmpty()) {
      return Finding.no(TYPE, Reasons.RESET_DONE, message());
    }
    return failure == null
        ? Finding.yes(TYPE, Reasons.IN_PROGRESS, message())
        : Finding.yes(TYPE, Reasons.RESET_FAILING, message());
  }

  /**
   * What the status says.
   *
   * @param before what it said; null: nothing
   */
  ResetStatus status(@Nullable ResetStatus before, Instant now) {
    var known = known(before);
    if (known != null && known.finishedAt() != null) {
      return known;
    }
    var time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return new ResetStatus(
        value,
        done.size() + "/" + (done.size() + waiting.size()),
        Bytes.quantity(droppedBytes),
        known == null || known.startedAt() == null ? time : known.startedAt(),
        waiting.isEmpty() ? time : null,
        message());
  }

  /** What was said of this value. */
  private @Nullable ResetStatus known(@Nullable ResetStatus before) {
    return before != null && before.value().equals(value) ? before : null;
  }

  private String message() {
    if (failure != null) {
      return failure;
    }
    if (!waiting.isEmpty()) {
      return "%d of %d nodes done; waiting for %s"
          .formatted(done.size(), done.size() + waiting.size(), Names.some(waiting));
    }
    return done.isEmpty()
        ? "no cache pod runs; each node drops what it has cached before it serves again"
        : "%s dropped on %d node%s"
            .formatted(Bytes.quantity(droppedBytes), done.size(), done.size() == 1 ? "" : "s");
  }
}
