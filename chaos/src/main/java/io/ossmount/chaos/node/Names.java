package io.ossmount.chaos.node;

/** Names of the things that a node needs; there is one of each. */
final class Names {
  static final String NODE = "node-1";
  static final String NAMESPACE = "chaos";
  static final String OSS_MOUNT = "data";
  static final String OSS_MOUNT_UID = "u-1";
  static final String VOLUME = OSS_MOUNT_UID + ".pvc-1";
  static final String CACHE_POD = "data-cache";
  static final String CACHE_POD_UID = "c-1";
  static final String BUCKET = "chaos";
  static final String KEY = "chaos";
  static final String SECRET = "chaos-secret";
  static final String REGION = "cn-emulator";

  private Names() {}
}
