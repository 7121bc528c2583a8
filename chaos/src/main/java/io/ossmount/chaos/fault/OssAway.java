package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Command;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.scene.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * OSS is away: it refuses connections, or takes them and says nothing.
 *
 * @param least how long
 * @param most how long
 */
public record OssAway(Duration least, Duration most) implements Fault<Scene> {
  /** Longer than any call to OSS may take. */
  public static final OssAway GONE = new OssAway(Scene.OPERATION.plusSeconds(15));

  private static final OssAway FULL = new OssAway(Duration.ofSeconds(30));
  private static final OssAway SHORT = new OssAway(Duration.ofSeconds(3), Duration.ofSeconds(6));

  private OssAway(Duration time) {
    this(time, time);
  }

  /** Less long than a call to OSS may take. */
  public static OssAway in(Form form) {
    return switch (form) {
      case SHORT -> SHORT;
      case FULL -> FULL;
    };
  }

  @Override
  public boolean isShort() {
    return !mustBeSeen();
  }

  @Override
  public boolean leavesCached() {
    return true;
  }

  @Override
  public boolean mustBeSeen() {
    return least.compareTo(Scene.OPERATION) > 0;
  }

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var millis = random.nextLong(least.toMillis(), most.toMillis() + 1);
    if (random.nextBoolean()) {
      beSilent(scene, moment, millis);
    } else {
      moment.now();
      scene.emulator().kill();
      TimeUnit.MILLISECONDS.sleep(millis);
      scene.emulator().startAgain();
    }
    return new Outcome.Happened(0);
  }

  private static void beSilent(Scene scene, Moment moment, long millis)
      throws IOException, InterruptedException {
    var pid = scene.emulator().pid();
    try (var signal = Signal.ready("STOP", pid)) {
      moment.now();
      signal.send();
      TimeUnit.MILLISECONDS.sleep(millis);
    } finally {
      Command.run("kill", "-CONT", Long.toString(pid));
    }
  }
}
