package io.ossmount.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The same work by the mount, the local disk and the SDK, run after another in each round so that a
 * noisy machine disturbs all alike.
 *
 * @param name of the work
 * @param unit of what is counted
 * @param before done, untimed, before each run of each side: dropping caches, removing files
 * @param mount side that is measured
 * @param local side of the local disk
 * @param raw side of the SDK
 */
record Comparison(
    String name, String unit, Work before, Work mount, Optional<Work> local, Optional<Work> raw) {

  Row measure(int rounds) throws IOException, InterruptedException {
    List<Double> mounts = new ArrayList<>();
    List<Double> locals = new ArrayList<>();
    List<Double> raws = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      mounts.add(one(mount));
      if (local.isPresent()) {
        locals.add(one(local.get()));
      }
      if (raw.isPresent()) {
        raws.add(one(raw.get()));
      }
    }
    return new Row(
        name,
        unit,
        new Sample(mounts),
        local.map(_ -> new Sample(locals)),
        raw.map(_ -> new Sample(raws)));
  }

  private double one(Work side) throws IOException, InterruptedException {
    before.run();
    return Work.rate(side);
  }
}
