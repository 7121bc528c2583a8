package io.ossmount.emulator.store;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** An upload in parts that is neither completed nor aborted. */
public final class MultipartUpload {
  /**
   * What was said when it began.
   *
   * @param id its name
   * @param key of the object to be
   * @param initiatedSeconds when, in seconds since 1970
   * @param attributes headers for the object
   */
  public record Beginning(
      String id, String key, long initiatedSeconds, Map<String, String> attributes) {
    /** Takes a copy. */
    public Beginning {
      attributes = Map.copyOf(attributes);
    }

    /** When it began. */
    @JsonIgnore
    public Instant initiated() {
      return Instant.ofEpochSecond(initiatedSeconds);
    }

    /** Sorts by key, then by id. */
    String order() {
      return key + '\0' + id;
    }
  }

  private final Beginning info;
  private final ConcurrentSkipListMap<Integer, Part> parts = new ConcurrentSkipListMap<>();

  MultipartUpload(Beginning info) {
    this.info = info;
  }

  /** What was said when it began. */
  public Beginning info() {
    return info;
  }

  /** Parts that have arrived, by number. */
  public NavigableMap<Integer, Part> parts() {
    return parts;
  }
}
