package io.ossmount.bench;

import com.aliyun.oss.common.utils.VersionInfoUtils;
import java.util.List;

/** What was measured. */
final class Versions {
  private Versions() {}

  /** The revision that is checked out. */
  static String ossmount() {
    return Machine.firstLine(List.of("git", "describe", "--always", "--dirty"))
        .map(revision -> "OssMount at " + revision)
        .orElse("OssMount");
  }

  /** Those of what is not a mount. */
  static List<String> others() {
    return List.of(
        "JDK " + System.getProperty("java.version"),
        "aliyun-sdk-oss " + VersionInfoUtils.getVersion());
  }
}
