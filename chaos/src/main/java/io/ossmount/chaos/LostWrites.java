package io.ossmount.chaos;

import io.ossmount.chaos.judge.Ledger;
import io.ossmount.chaos.judge.Settled;
import io.ossmount.chaos.scene.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the bucket has what was acknowledged, while writers go on: a path that they change
 * meanwhile is left to the next look. With write mode Async what close has acknowledged comes there
 * later: the looks are as patient as that takes. Not thread-safe.
 */
final class LostWrites {
  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * An empty file goes up right after its close, and that somebody has begun to change a path comes
   * to the ledger through a pipe.
   */
  private final Duration patience;

  private final Bucket bucket;
  private final Ledger ledger;

  LostWrites(Bucket bucket, Ledger ledger, Duration patience) {
    this.bucket = bucket;
    this.ledger = ledger;
    this.patience = patience;
  }

  /** What was acknowledged since the last look and is not as promised; one line each. */
  List<String> look() throws IOException, InterruptedException {
    var asked = new ArrayList<>(ledger.settled());
    // On a busy machine to look at all may take longer than what is wrong may stay so.
    asked.retainAll(wrong(asked).values());
    var problems = new ArrayList<String>();
    var _ =
        Await.until(
            patience,
            POLL,
            () -> {
              var wrong = wrong(asked);
              asked.retainAll(wrong.values());
              problems.clear();
              problems.addAll(wrong.keySet());
              return problems.isEmpty();
            });
    return problems;
  }

  /** Where the objects are, with a list of them. */
  interface Bucket extends Ledger.Bucket {
    /** Keys of all objects where writers write. */
    Set<String> keys();
  }

  private Map<String, Settled> wrong(List<Settled> settled) throws IOException {
    // Most were deleted: one list instead of a question for each.
    var keys = bucket.keys();
    var wrong = new TreeMap<String, Settled>();
    for (var each : settled) {
      if (ledger.isStill(each)) {
        var object =
            keys.contains(each.path()) ? bucket.read(each.path()) : Optional.<byte[]>empty();
        each.problem(object)
            .filter(_ -> ledger.isStill(each))
            .ifPresent(problem -> wrong.put(problem, each));
      }
    }
    return wrong;
  }
}
