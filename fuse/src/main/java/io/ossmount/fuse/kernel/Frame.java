package io.ossmount.fuse.kernel;

import java.util.List;

/**
 * A message of a {@link UnixConnection}. Who receives one owns its descriptors and closes them.
 *
 * @param payload its bytes
 * @param descriptors that came with it
 */
@SuppressWarnings("ArrayRecordComponent") // a frame is handed over, never compared
public record Frame(byte[] payload, List<Descriptor> descriptors) implements AutoCloseable {
  /** Copies the list. */
  public Frame {
    descriptors = List.copyOf(descriptors);
  }

  /** Closes the descriptors. */
  @Override
  public void close() {
    descriptors.forEach(Descriptor::close);
  }
}
