package io.ossmount.cache.supervise;

import java.io.File;
import java.util.Arrays;

/**
 * PID 1 of a cache pod: runs the command that its arguments are, the server, and starts it again
 * when it ends. kubelet would do that too, but after 10 s the second time and 20 s the third.
 *
 * <p>SIGTERM and SIGINT are passed on as SIGTERM. When this process is killed, the server ends too:
 * in a container with the process namespace, elsewhere because its standard input ends.
 *
 * <p>It also is the parent of processes that others leave behind, see {@link Orphans}.
 */
public final class SupervisorMain {
  /** Memory in every pod; writing to it waits for no disk. */
  private static final String SHARED_MEMORY = "/dev/shm";

  private static final int USAGE = 2;

  private SupervisorMain() {}

  /** Exits with 0 when the server was meant to end, else with what the last one ended with. */
  public static void main(String[] command) throws InterruptedException {
    if (command.length == 0) {
      System.err.println("usage: SupervisorMain COMMAND [ARGUMENT...]");
      System.exit(USAGE);
    }
    Supervisor supervisor = new Supervisor(Arrays.asList(command), pulse(), Notes.ofThisProcess());
    Runtime.getRuntime().addShutdownHook(new Ending(supervisor, Thread.currentThread()));
    int code = supervisor.run();
    // While hooks run, nobody can exit.
    Runtime.getRuntime().halt(code);
  }

  private static File pulse() {
    String given = System.getenv(Agreement.PULSE);
    if (given != null && !given.isEmpty()) {
      return new File(given);
    }
    File memory = new File(SHARED_MEMORY);
    String directory =
        memory.isDirectory() && memory.canWrite()
            ? SHARED_MEMORY
            : System.getProperty("java.io.tmpdir");
    return new File(
        directory, "ossmount-pulse-".concat(Long.toString(ProcessHandle.current().pid())));
  }

  /** SIGTERM. Ends never: when the server has, the process is halted. */
  private static final class Ending extends Thread {
    private final Supervisor supervisor;
    private final Thread main;

    Ending(Supervisor supervisor, Thread main) {
      super("ending");
      this.supervisor = supervisor;
      this.main = main;
    }

    @Override
    public void run() {
      supervisor.end();
      try {
        // kubelet's patience is a minute.
        main.join(LONGER_THAN_ANYBODY_WAITS_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static final long LONGER_THAN_ANYBODY_WAITS_MILLIS = 3_600_000;
  }
}
