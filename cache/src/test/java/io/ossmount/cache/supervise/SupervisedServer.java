package io.ossmount.cache.supervise;

import java.util.concurrent.CountDownLatch;

/** A server in a process of its own that does as its argument says. */
public final class SupervisedServer {
  private SupervisedServer() {}

  /** One of {@code serve}, {@code crash}, {@code done}, {@code deadlock}, {@code still}. */
  public static void main(String[] behaviour) throws Exception {
    Supervised supervised = Supervised.ofThisProcess();
    Pulse pulse = supervised.begin();
    System.out.printf("up %d as %d.%n", supervised.restarts(), ProcessHandle.current().pid());
    switch (behaviour[0]) {
      case "crash" -> System.exit(7);
      case "done" -> System.exit(0);
      case "deadlock" -> deadlock();
      case "still" -> pulse.watch("nobody", _ -> false);
      default -> {}
    }
    new CountDownLatch(1).await();
  }

  private static void deadlock() {
    Object one = new Object();
    Object other = new Object();
    CountDownLatch both = new CountDownLatch(2);
    Thread.ofPlatform().start(() -> lock(one, other, both));
    Thread.ofPlatform().start(() -> lock(other, one, both));
  }

  private static void lock(Object first, Object second, CountDownLatch both) {
    synchronized (first) {
      both.countDown();
      try {
        both.await();
      } catch (InterruptedException e) {
        return;
      }
      synchronized (second) {
        System.out.println("no deadlock");
      }
    }
  }
}
