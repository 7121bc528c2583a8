package io.ossmount.fuse.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The mounts that a process sees, as the kernel lists them. Reading it touches no mounted file
 * system, so it works while a FUSE server hangs. Immutable.
 *
 * @param entries in the kernel's order, which is that of their age
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">mountinfo(5)</a>
 */
public record MountTable(List<MountEntry> entries) {
  private static final Path SELF = Path.of("/proc/self/mountinfo");

  /** Copies the list. */
  public MountTable {
    entries = List.copyOf(entries);
  }

  /** The mounts of this process, now. */
  public static MountTable read() throws IOException {
    return read(SELF);
  }

  /** The mounts in a file that has the form of {@code mountinfo}. */
  public static MountTable read(Path mountinfo) throws IOException {
    return parse(Files.readAllBytes(mountinfo));
  }

  /**
   * Parses the text of {@code mountinfo}.
   *
   * @throws IllegalArgumentException for a line that does not have its form
   */
  public static MountTable parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One char is one byte until the fields are apart: a foreign mount's name may have any bytes. */
  private static MountTable parse(byte[] mountinfo) {
    String text = new String(mountinfo, StandardCharsets.ISO_8859_1);
    return new MountTable(
        Arrays.stream(text.split("\n"))
            .filter(line -> !line.isBlank())
            .map(MountTable::parseLine)
            .toList());
  }

  /** The mount on top at exactly this mount point. */
  public Optional<MountEntry> at(Path target) {
    List<MountEntry> stack = stack(target.toAbsolutePath().normalize().toString());
    return stack.isEmpty() ? Optional.empty() : Optional.of(stack.getLast());
  }

  /**
   * All mounts at exactly this mount point, the one on top last. What lies on what is said by their
   * ids: the kernel lists them by age, and a younger one may have been put beneath an older one.
   */
  public List<MountEntry> stack(String target) {
    Deque<MountEntry> left = new ArrayDeque<>();
    entries.stream().filter(entry -> entry.target().equals(target)).forEach(left::add);
    List<MountEntry> stack = new ArrayList<>();
    while (!left.isEmpty()) {
      // The lowest of those that are left is mounted on none of the others. In a text that no
      // kernel wrote there may be none: then the first is taken, so that this ends.
      MountEntry lowest =
          left.stream()
              .filter(entry -> left.stream().noneMatch(other -> other.id() == entry.parent()))
              .findFirst()
              .orElse(left.getFirst());
      left.remove(lowest);
      stack.add(lowest);
    }
    return List.copyOf(stack);
  }

  /** All mounts of the file system with this device: the session's own one and its bind mounts. */
  public List<MountEntry> ofDevice(String device) {
    return entries.stream().filter(entry -> entry.device().equals(device)).toList();
  }

  private static MountEntry parseLine(String line) {
    List<String> fields = Arrays.asList(line.split(" ", -1));
    int separator = fields.indexOf("-");
    if (separator < 6 || fields.size() < separator + 4) {
      throw new IllegalArgumentException("not a line of mountinfo: " + line);
    }
    return new MountEntry(
        Integer.parseInt(fields.get(0)),
        Integer.parseInt(fields.get(1)),
        fields.get(2),
        unescape(fields.get(3)),
        unescape(fields.get(4)),
        options(fields.get(5)),
        fields.subList(6, separator),
        unescape(fields.get(separator + 1)),
        unescape(fields.get(separator + 2)),
        options(fields.get(separator + 3)));
  }

  private static List<String> options(String field) {
    return Arrays.stream(field.split(",", -1)).map(MountTable::unescape).toList();
  }

  /** Undoes {@code \040} and the like: the kernel writes space, tab, newline, \ and # so. */
  private static String unescape(String field) {
    byte[] raw = field.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer plain = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '\\' && isOctal(raw, i + 1)) {
        plain.put((byte) Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.put(raw[i]);
      }
    }
    return text(plain.flip());
  }

  private static boolean isOctal(byte[] raw, int start) {
    return start + 3 <= raw.length
        && raw[start] >= '0'
        && raw[start] <= '3'
        && raw[start + 1] >= '0'
        && raw[start + 1] <= '7'
        && raw[start + 2] >= '0'
        && raw[start + 2] <= '7';
  }

  private static String text(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
    } catch (CharacterCodingException e) {
      return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }
  }
}
