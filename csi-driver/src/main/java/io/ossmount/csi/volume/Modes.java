package io.ossmount.csi.volume;

import io.ossmount.api.VolumeContext;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.WriteMode;
import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What a volume says for itself of how it is read and written.
 *
 * @param read absent: as the OssMount says
 * @param write absent: as the OssMount says
 */
public record Modes(Optional<ReadMode> read, Optional<WriteMode> write) {
  /** Nothing. */
  public static final Modes NONE = new Modes(Optional.empty(), Optional.empty());

  /**
   * Reads a mode.
   *
   * @param what field it stands in, for messages
   * @param text null: it is not said
   * @throws InvalidRequest it is none
   */
  public static <E extends Enum<E>> Optional<E> parse(Class<E> type, String what, String text) {
    var values = Arrays.asList(type.getEnumConstants());
    var mode = values.stream().filter(value -> value.name().equals(text)).findFirst();
    if (mode.isEmpty()) {
      throw new InvalidRequest(
          what
              + " is "
              + Text.quoted(text)
              + "; write "
              + String.join(" or ", values.stream().map(Enum::name).toList())
              + ", or leave it out for what the OssMount says");
    }
    return mode;
  }

  /** Reads them from a volume's context. */
  static Modes parse(Map<String, String> context) {
    var read = Optional.ofNullable(context.get(VolumeContext.READ_MODE));
    var write = Optional.ofNullable(context.get(VolumeContext.WRITE_MODE));
    return new Modes(
        read.flatMap(text -> parse(ReadMode.class, VolumeContext.READ_MODE, text)),
        write.flatMap(text -> parse(WriteMode.class, VolumeContext.WRITE_MODE, text)));
  }

  /** What this does not say, as another one does. */
  public Modes or(Modes other) {
    return new Modes(read.or(other::read), write.or(other::write));
  }

  /** Puts them into a volume's context. */
  void into(Map<String, String> context) {
    read.ifPresent(mode -> context.put(VolumeContext.READ_MODE, mode.name()));
    write.ifPresent(mode -> context.put(VolumeContext.WRITE_MODE, mode.name()));
  }

  /** The same text for the same modes, over restarts and versions. */
  String text() {
    return "read=%s,write=%s"
        .formatted(read.map(Enum::name).orElse("-"), write.map(Enum::name).orElse("-"));
  }
}
