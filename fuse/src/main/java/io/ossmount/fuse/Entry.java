package io.ossmount.fuse;

import java.time.Duration;
import java.time.Instant;

/**
 * A name that was found: {@code fuse_entry_out}.
 *
 * @param node node id; 0 when the name is known not to be there
 * @param validity how long the kernel may use the name without asking again
 * @param attributes of the node; without meaning when negative
 */
public record Entry(long node, Duration validity, Attributes attributes) {
  private static final Attributes NOTHING =
      new Attributes(0, 0, 0, 0, 0, 0, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH, Duration.ZERO);

  /** The name is not there, and the kernel may hold that for {@code validity}. */
  public static Entry negative(Duration validity) {
    return new Entry(0, validity, NOTHING);
  }

  /** Whether this says that the name is not there. */
  public boolean isNegative() {
    return node == 0;
  }
}
