package io.ossmount.chaos.node;

import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Eldest;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves it to the pod's supervisor to start the server again; starts the supervisor again when it
 * gives up, as kubelet does. Thread-safe.
 */
final class SupervisedKeeper implements ServerKeeper {
  private final DirectKeeper supervisor;

  /**
   * Keeps a supervisor running.
   *
   * @param supervisor whose process is that of the supervisor
   */
  SupervisedKeeper(DirectKeeper supervisor) {
    this.supervisor = supervisor;
  }

  /** That of the supervisor while there is no server. */
  @Override
  public long pid() {
    var parent = supervisor.pid();
    return Eldest.childOf(parent).orElse(parent);
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of("supervisor", supervisor.pid(), "server", pid());
  }

  /** Who is stopped starts nothing. */
  @Override
  public void hold() {
    supervisor.hold();
    signal("STOP");
  }

  @Override
  public void resume() {
    signal("CONT");
    supervisor.resume();
  }

  @Override
  public int starts() {
    return supervisor.starts();
  }

  @Override
  public void close() throws IOException {
    signal("CONT");
    // Should the supervisor not end in time and be killed, the server must not stay.
    var server = Optional.of(pid()).filter(pid -> pid != supervisor.pid());
    supervisor.close();
    server.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
  }

  private void signal(String name) {
    Command.tryRun("kill", "-" + name, Long.toString(supervisor.pid()));
  }
}
