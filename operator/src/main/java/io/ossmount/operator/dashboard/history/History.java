package io.ossmount.operator.dashboard.history;

import io.ossmount.operator.control.PodAddress;
import io.ossmount.operator.control.PodTraffic;
import io.ossmount.operator.control.TrafficListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The traffic of the last hour, of {@value #MOST_MOUNTS} mounts at most: those that were told of
 * last. In memory alone: it begins anew with the operator. Safe for use by many threads; never
 * waits.
 */
public final class History implements TrafficListener {
  /** Times are multiples of it. */
  public static final Duration SLOT = Duration.ofMillis(Ring.SLOT_MILLIS);

  private static final int MOST_MOUNTS = 500;
  private static final int MOST_PODS = 1024;

  // In the order of use. Guarded by this, as all that is in it.
  private final LinkedHashMap<String, Past> mounts = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Past {
    final Instant since;
    final Ring ring = new Ring();
    final LinkedHashMap<String, Told> pods = new LinkedHashMap<>(16, 0.75f, true);

    Past(Instant since) {
      this.since = since;
    }
  }

  private record Told(Instant when, PodTraffic traffic) {}

  @Override
  public synchronized void told(String mountUid, PodAddress pod, Instant when, PodTraffic traffic) {
    var past = mounts.computeIfAbsent(mountUid, _ -> new Past(when));
    var before = past.pods.put(pod.uid(), new Told(when, traffic));
    // What was counted before the first answer was counted nobody knows when.
    if (before != null) {
      past.ring.add(
          before.when().toEpochMilli(),
          Math.max(before.when().toEpochMilli(), when.toEpochMilli()),
          Figures.growth(Figures.of(before.traffic()), Figures.of(traffic)));
    }
    trim(past.pods, MOST_PODS);
    trim(mounts, MOST_MOUNTS);
  }

  @Override
  public synchronized void forgotten(String mountUid) {
    mounts.remove(mountUid);
  }

  /**
   * The last hour up to {@code now}, oldest first: as many samples as whole {@code step}s fit. What
   * is not known shows as nothing.
   *
   * @param step a multiple of {@link #SLOT}
   */
  public synchronized List<Sample> of(String mountUid, Instant now, Duration step) {
    int slots = Math.toIntExact(step.toMillis() / Ring.SLOT_MILLIS);
    int count = (Ring.SLOTS - 1) / slots;
    // The current slot and the one before are not whole until all pods have answered again.
    long end = Math.floorDiv(Ring.slot(now.toEpochMilli()) - 1, slots) * (long) slots;
    var ring = ring(mountUid);
    var samples = new ArrayList<Sample>(count);
    for (int i = count; i > 0; i--) {
      long first = end - (long) i * slots;
      samples.add(
          Sample.of(
              Instant.ofEpochMilli(first * Ring.SLOT_MILLIS),
              step,
              ring == null ? new double[Figures.COUNT] : ring.sum(first, slots)));
    }
    return List.copyOf(samples);
  }

  /** When the first pod of it answered; before that, nothing is known. Empty: none has. */
  public synchronized Optional<Instant> since(String mountUid) {
    return Optional.ofNullable(mounts.get(mountUid)).map(past -> past.since);
  }

  /** Uploads that ran when the pods were asked last. */
  public synchronized PodTraffic.Uploads uploads(String mountUid, Instant now) {
    int running = 0;
    long total = 0;
    long sent = 0;
    var first = new ArrayList<PodTraffic.Upload>();
    var past = mounts.get(mountUid);
    if (past != null) {
      for (var told : past.pods.values()) {
        if (told.when().plus(Duration.ofMinutes(1)).isBefore(now)) {
          continue;
        }
        running += told.traffic().uploads().count();
        total += told.traffic().uploads().totalBytes();
        sent += told.traffic().uploads().sentBytes();
        first.addAll(told.traffic().uploads().first());
      }
    }
    return new PodTraffic.Uploads(running, total, sent, first);
  }

  private @Nullable Ring ring(String mountUid) {
    var past = mounts.get(mountUid);
    return past == null ? null : past.ring;
  }

  private static <V> void trim(Map<String, V> map, int most) {
    var oldest = map.entrySet().iterator();
    while (map.size() > most) {
      oldest.next();
      oldest.remove();
    }
  }
}
