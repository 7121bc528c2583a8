package io.ossmount.fuse.kernel;

import java.util.List;

/**
 * One line of {@code /proc/PID/mountinfo}, escapes undone.
 *
 * @param id of the mount, unique at this moment
 * @param parent id of the mount that this one is mounted on
 * @param device {@code major:minor} of the file system: one FUSE session, one device
 * @param root directory of the file system that is the root of this mount
 * @param target mount point, relative to the root directory of the process
 * @param options of the mount: {@code rw}, {@code nosuid} ...
 * @param propagation {@code shared:N}, {@code master:N} ...; empty when private
 * @param type of the file system, with sub-type: {@code fuse.ossmount}
 * @param source what mount(2) was given as source
 * @param superOptions of the file system
 */
public record MountEntry(
    int id,
    int parent,
    String device,
    String root,
    String target,
    List<String> options,
    List<String> propagation,
    String type,
    String source,
    List<String> superOptions) {
  /** Copies the lists. */
  public MountEntry {
    options = List.copyOf(options);
    propagation = List.copyOf(propagation);
    superOptions = List.copyOf(superOptions);
  }

  /** Whether writing through this mount is refused, by the mount or by the file system. */
  public boolean isReadOnly() {
    return options.contains("ro") || superOptions.contains("ro");
  }

  /** Whether a FUSE file system, of whatever server, is mounted here. */
  public boolean isFuse() {
    return type.equals("fuse") || type.startsWith("fuse.");
  }

  /** Minor number of {@link #device}: names the FUSE connection in {@code /sys/fs/fuse}. */
  public int minor() {
    return Integer.parseInt(device.substring(device.indexOf(':') + 1));
  }
}
