package io.ossmount.emulator.log;

import io.ossmount.emulator.api.Operation;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A request in the log, filled in as it goes on. Written by one thread, read by any. */
public final class LogEntry {
  /**
   * What is known when it comes.
   *
   * @param time when
   * @param requestId its id
   * @param operation what it asks for
   * @param method HTTP method
   * @param bucket "" for the service
   * @param key "" for a bucket
   * @param range "" without one
   */
  public record Head(
      Instant time,
      String requestId,
      Operation operation,
      String method,
      String bucket,
      String key,
      String range) {}

  private final Head head;
  private final LongSupplier bytesIn;
  private final AtomicLong bytesOut = new AtomicLong();
  private volatile String accessKeyId = "";
  private volatile String errorCode = "";
  private volatile int status;
  private volatile boolean isFaulted;

  LogEntry(Head head, LongSupplier bytesIn) {
    this.head = head;
    this.bytesIn = bytesIn;
  }

  /** Who signed it. */
  public void signedBy(String id) {
    accessKeyId = id;
  }

  /** What it is answered with; called before the client can see it. */
  public void answered(int httpStatus, String error) {
    errorCode = error;
    status = httpStatus;
  }

  /** A fault was injected. */
  public void faulted() {
    isFaulted = true;
  }

  /** Counts bytes that are about to go out, or with a negative number those that did not. */
  public void sent(long bytes) {
    bytesOut.addAndGet(bytes);
  }

  RequestRecord record() {
    return new RequestRecord(
        head.time(),
        head.requestId(),
        head.operation(),
        head.method(),
        head.bucket(),
        head.key(),
        head.range(),
        accessKeyId,
        status,
        errorCode,
        bytesIn.getAsLong(),
        bytesOut.get(),
        isFaulted);
  }
}
