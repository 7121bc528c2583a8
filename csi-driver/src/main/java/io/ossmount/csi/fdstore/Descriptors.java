package io.ossmount.csi.fdstore;

import io.ossmount.fuse.kernel.Descriptor;
import java.util.List;

/**
 * What a session is made of. The mount lives as long as someone holds {@code fuse}.
 *
 * @param fuse the descriptor of {@code /dev/fuse}; never cloned
 * @param memory the memfd with what the next server needs
 */
public record Descriptors(Descriptor fuse, Descriptor memory) implements AutoCloseable {
  /** In the order of the frames: FUSE descriptor, memfd. */
  List<Descriptor> inOrder() {
    return List.of(fuse, memory);
  }

  @Override
  public void close() {
    fuse.close();
    memory.close();
  }
}
