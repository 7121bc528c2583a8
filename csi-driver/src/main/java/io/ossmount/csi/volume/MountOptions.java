package io.ossmount.csi.volume;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The mount options of a volume ({@code mountOptions} of a StorageClass or PersistentVolume).
 *
 * @param readOnly "ro"
 * @param uid owner of what is shown; absent: as the OssMount says
 * @param gid group of what is shown, for pods without an fsGroup
 * @param umask permission bits that are taken away, 0 to 0777
 * @param flags of the mount point alone
 */
public record MountOptions(
    boolean readOnly,
    Optional<Integer> uid,
    Optional<Integer> gid,
    Optional<Integer> umask,
    Set<Flag> flags) {
  /** None given. */
  public static final MountOptions NONE =
      new MountOptions(false, Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

  private static final String KNOWN =
      "ro, rw, noexec, nosuid, nodev, noatime, uid=N, gid=N, umask=OCTAL";
  private static final int MOST_OPTIONS = 64;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final Pattern OCTAL = Pattern.compile("[0-7]{1,4}");

  /** Flags of a mount point. nosuid and nodev hold for every mount; asking for them is allowed. */
  public enum Flag {
    /** Nothing on it can be executed. */
    NOEXEC,
    /** Set-user-ID bits have no effect. */
    NOSUID,
    /** Device files have no effect. */
    NODEV,
    /** Reading changes no access time. */
    NOATIME
  }

  /** Copies the flags. */
  public MountOptions {
    flags = Set.copyOf(flags);
  }

  /** Reads the options of a request; one string may hold several, separated by commas. */
  public static MountOptions parse(List<String> given) {
    if (given.size() > MOST_OPTIONS) {
      throw new InvalidRequest("there are more than " + MOST_OPTIONS + " mount options");
    }
    var values = new TreeMap<String, String>();
    var flags = new TreeSet<Flag>();
    given.stream()
        .flatMap(options -> Arrays.stream(options.split(",", -1)))
        .forEach(option -> take(option, values, flags));
    return new MountOptions(
        "ro".equals(values.get("access")),
        Optional.ofNullable(values.get("uid")).map(value -> id("uid", value)),
        Optional.ofNullable(values.get("gid")).map(value -> id("gid", value)),
        Optional.ofNullable(values.get("umask")).map(MountOptions::mask),
        flags);
  }

  private static void take(String option, TreeMap<String, String> values, Set<Flag> flags) {
    var equals = option.indexOf('=');
    var name = equals < 0 ? option : option.substring(0, equals);
    switch (name) {
      case "uid", "gid", "umask" ->
          put(values, name, equals < 0 ? "" : option.substring(equals + 1));
      default -> takeFlag(option, values, flags);
    }
  }

  private static void takeFlag(String option, TreeMap<String, String> values, Set<Flag> flags) {
    switch (option) {
      case "ro", "rw" -> put(values, "access", option);
      case "noexec" -> flags.add(Flag.NOEXEC);
      case "nosuid" -> flags.add(Flag.NOSUID);
      case "nodev" -> flags.add(Flag.NODEV);
      case "noatime" -> flags.add(Flag.NOATIME);
      default ->
          throw new InvalidRequest(
              "mount option " + Text.quoted(option) + " is not known; known are " + KNOWN);
    }
  }

  private static void put(TreeMap<String, String> values, String name, String value) {
    var earlier = values.putIfAbsent(name, value);
    if (earlier != null && !earlier.equals(value)) {
      throw new InvalidRequest(
          "mount options contradict each other: "
              + Text.quoted(earlier)
              + " and "
              + Text.quoted(value)
              + (name.equals("access") ? "" : " for " + name));
    }
  }

  private static int mask(String value) {
    if (!OCTAL.matcher(value).matches() || Integer.parseInt(value, 8) > 0777) {
      throw new InvalidRequest(
          "mount option umask=" + Text.quoted(value) + " is not an octal number of 0 to 0777");
    }
    return Integer.parseInt(value, 8);
  }

  /**
   * A user or group id, 0 to 2^32-2 (the last number stands for "none" in chown(2)); above 2^31-1
   * it is a negative int with the same bits.
   */
  static int id(String what, String value) {
    if (!NUMBER.matcher(value).matches() || Long.parseLong(value) >= 0xFFFF_FFFFL) {
      throw new InvalidRequest(
          what + " is " + Text.quoted(value) + ", not a number of 0 to 4294967294");
    }
    return (int) Long.parseLong(value);
  }
}
