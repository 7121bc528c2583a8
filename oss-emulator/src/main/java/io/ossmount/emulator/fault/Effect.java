package io.ossmount.emulator.fault;

import java.time.Duration;

/** What happens to a request that a fault hits. */
public sealed interface Effect {
  /** It is not carried out but answered with an error. */
  record Answer(int status, String code, String message) implements Effect {}

  /** It waits before anything is done. */
  record Delay(Duration duration) implements Effect {}

  /** The body of its answer comes at this rate. */
  record SlowBody(long bytesPerSecond) implements Effect {}

  /**
   * The head of its answer comes whole, of the body only some bytes, then the connection ends.
   *
   * @param bytes how many come
   * @param isReset by a TCP reset rather than an orderly end
   */
  record CutBody(long bytes, boolean isReset) implements Effect {}

  /**
   * The connection is reset and nothing answered.
   *
   * @param isCarriedOut whether it was done before
   */
  record Reset(boolean isCarriedOut) implements Effect {}

  /** One bit of the answer's body is wrong, at this offset of the body; its headers are right. */
  record FlipBit(long offset) implements Effect {}

  /** x-oss-hash-crc64ecma of the answer is wrong. */
  record WrongCrc() implements Effect {}

  /** An error with any code. */
  static Effect answer(int status, String code) {
    return new Answer(status, code, "Injected fault: " + code + ".");
  }

  /** 503 SlowDown. */
  static Effect slowDown() {
    return answer(503, "SlowDown");
  }

  /** 503 QpsLimitExceeded. */
  static Effect qpsLimitExceeded() {
    return answer(503, "QpsLimitExceeded");
  }
}
