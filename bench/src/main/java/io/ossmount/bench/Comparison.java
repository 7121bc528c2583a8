package io.ossmount.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The same work by the mount, the local disk and the SDK, run after another in each round so that a
 * noisy machine disturbs all alike.
 *
 * @param id of the goal that it belongs to
 * @param name of the work
 * @param unit of what is counted
 * @param prepare done once, untimed, before the first round, such as filling the cache
 * @param before done, untimed, before each run of the mount: dropping caches, removing files
 * @param beforeOthers the same for the other sides
 * @param mount side that is measured
 * @param local side of the local disk
 * @param raw side of the SDK
 */
record Comparison(
    String id,
    String name,
    String unit,
    Work prepare,
    Work before,
    Work beforeOthers,
    Work mount,
    Optional<Work> local,
    Optional<Work> raw) {

  Row measure(int rounds) throws IOException, InterruptedException {
    prepare.run();
    List<Double> mounts = new ArrayList<>();
    List<Double> locals = new ArrayList<>();
    List<Double> raws = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      mounts.add(one(before, mount));
      if (local.isPresent()) {
        locals.add(one(beforeOthers, local.get()));
      }
      if (raw.isPresent()) {
        raws.add(one(beforeOthers, raw.get()));
      }
    }
    return new Row(
        id + ": " + name,
        unit,
        new Sample(mounts),
        local.map(_ -> new Sample(locals)),
        raw.map(_ -> new Sample(raws)));
  }

  private static double one(Work before, Work side) throws IOException, InterruptedException {
    before.run();
    return Work.rate(side);
  }
}
