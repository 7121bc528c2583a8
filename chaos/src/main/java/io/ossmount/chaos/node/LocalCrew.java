package io.ossmount.chaos.node;

import io.ossmount.chaos.scene.Crew;
import io.ossmount.chaos.scene.Java;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Processes of this machine.
 *
 * @param volume where kubelet would put it
 * @param subPaths leads to where kubelet would put its sub-path
 */
record LocalCrew(Path volume, Path subPaths, Path scratch) implements Crew {
  @Override
  public Member start(Class<?> main, List<String> arguments, Path directory) throws IOException {
    var command = new ArrayList<>(Java.own(main));
    command.addAll(arguments);
    return new LocalMember(
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  private record LocalMember(Process process) implements Member {
    @Override
    public InputStream output() {
      return process.getInputStream();
    }

    @Override
    public void tellToEnd() throws IOException {
      process.getOutputStream().close();
    }

    @Override
    public boolean awaitEnd(Duration within) throws InterruptedException {
      return process.waitFor(Math.max(1, within.toNanos()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void kill() {
      process.destroyForcibly();
    }
  }
}
