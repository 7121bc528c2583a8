package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Dataset;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Where a workload works.
 *
 * @param mount the volume; for a process whose working directory it is, a relative path
 * @param scratch a directory of the local disk
 * @param data what is there to be read
 * @param tag part of the names of what is written: no two processes write to one file
 * @param random of this workload alone, from the run's seed
 */
record Site(Path mount, Path scratch, Dataset data, String tag, SplittableRandom random) {
  Path at(Dataset.File file) {
    return mount.resolve(file.path());
  }
}
