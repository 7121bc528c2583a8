package io.ossmount.cache.serve;

import io.ossmount.fuse.kernel.UnixConnection;
import io.ossmount.fuse.kernel.UnixListener;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A conversation of a cache pod and the node plugin, of which the test has an end. */
record PluginSocket(UnixListener listener, UnixConnection pod, UnixConnection plugin)
    implements AutoCloseable {
  static PluginSocket in(Path directory) throws IOException {
    Path socket = directory.resolve("socket");
    UnixListener listener = UnixListener.bind(socket, PosixFilePermissions.fromString("rw-------"));
    return new PluginSocket(listener, UnixConnection.connect(socket), listener.accept());
  }

  @Override
  public void close() {
    pod.close();
    plugin.close();
    listener.close();
  }
}
