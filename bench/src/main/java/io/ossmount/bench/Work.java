package io.ossmount.bench;

import java.io.IOException;

/** A piece of work that is timed from outside; it answers how much it did. */
@FunctionalInterface
interface Work {
  Work NOTHING = () -> 0;

  double run() throws IOException, InterruptedException;
}
