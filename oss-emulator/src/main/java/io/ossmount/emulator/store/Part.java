package io.ossmount.emulator.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * A part of an upload.
 *
 * @param number 1 to 10,000
 * @param content its bytes
 * @param modifiedSeconds when it came, in seconds since 1970
 */
public record Part(int number, StoredObject.Content content, long modifiedSeconds) {
  /** When it came. */
  @JsonIgnore
  public Instant modified() {
    return Instant.ofEpochSecond(modifiedSeconds);
  }
}
