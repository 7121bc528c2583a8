package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.BodySink;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;

/** Lets through so many bytes a second, in about ten steps a second. */
final class SlowSink implements BodySink {
  private static final int STEPS_PER_SECOND = 10;

  private final BodySink sink;
  private final long bytesPerStep;

  SlowSink(BodySink sink, long bytesPerSecond) {
    this.sink = sink;
    this.bytesPerStep = Math.max(1, bytesPerSecond / STEPS_PER_SECOND);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int step = (int) Math.min(bytesPerStep, length - done);
      pause();
      sink.write(bytes, offset + done, step);
      done += step;
    }
  }

  @Override
  public void transfer(FileChannel file, long position, long count) throws IOException {
    for (long done = 0; done < count; ) {
      long step = Math.min(bytesPerStep, count - done);
      pause();
      sink.transfer(file, position + done, step);
      done += step;
    }
  }

  private static void pause() throws IOException {
    Pause.of(Duration.ofMillis(1000 / STEPS_PER_SECOND));
  }
}
