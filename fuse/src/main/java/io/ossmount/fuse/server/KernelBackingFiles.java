package io.ossmount.fuse.server;

import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.fuse.kernel.FuseDevice;
import io.ossmount.fuse.protocol.Capabilities;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names backing files to the kernel by the session's own descriptor: needs CAP_SYS_ADMIN. */
final class KernelBackingFiles implements BackingFiles {
  private static final Logger LOG = LoggerFactory.getLogger(KernelBackingFiles.class);

  private final FuseDevice device;
  private volatile boolean negotiated;

  KernelBackingFiles(FuseDevice device) {
    this.device = device;
  }

  void onNegotiated(Capabilities kernel) {
    negotiated = kernel.passthrough();
  }

  @Override
  public boolean isPossible() {
    return negotiated;
  }

  @Override
  public int open(Path file) throws IOException {
    try (Descriptor opened = Descriptor.openToRead(file)) {
      return FuseDevice.openBacking(device.descriptor(), opened);
    }
  }

  @Override
  public void close(int id) {
    try {
      FuseDevice.closeBacking(device.descriptor(), id);
    } catch (IOException e) {
      // The connection is over, and all of its ids with it; or an id was closed twice.
      LOG.debug("backing id {} is not closed: {}", id, e.getMessage());
    }
  }
}
