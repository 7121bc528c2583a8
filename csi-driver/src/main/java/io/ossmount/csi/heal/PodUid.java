package io.ossmount.csi.heal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** UIDs of pods where kubelet writes them: in paths of volumes and in names of control groups. */
public final class PodUid {
  /** {@code KUBELET/pods/UID/volumes/...} and {@code .../volume-subpaths/...}. */
  private static final Pattern IN_TARGET =
      Pattern.compile("/pods/([0-9A-Za-z-]{1,63})/volume(s|-subpaths)/");

  /** {@code /kubepods/burstable/podUID/...} or {@code kubepods-burstable-podUID.slice}. */
  private static final Pattern IN_GROUP =
      Pattern.compile("[/-]pod([0-9A-Za-z][0-9A-Za-z_-]{1,62})(\\.slice)?(/|$)");

  private PodUid() {}

  /** Of the pod that a mount point in kubelet's directory is for. */
  public static Optional<String> ofTarget(String target) {
    var matcher = IN_TARGET.matcher(target);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Of the pod that a process belongs to, from the text of {@code /proc/PID/cgroup}. */
  static Optional<String> ofGroups(String text) {
    return text.lines()
        .map(IN_GROUP::matcher)
        .filter(Matcher::find)
        // systemd has its own meaning for a dash.
        .map(matcher -> matcher.group(1).replace('_', '-'))
        .findFirst();
  }
}
