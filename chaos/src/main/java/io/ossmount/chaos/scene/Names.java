package io.ossmount.chaos.scene;

/** Names of the things that a node needs; there is one of each. */
public final class Names {
  public static final String NODE = "node-1";
  public static final String NAMESPACE = "chaos";
  public static final String OSS_MOUNT = "data";
  public static final String OSS_MOUNT_UID = "u-1";
  public static final String VOLUME = OSS_MOUNT_UID + ".pvc-1";
  public static final String CACHE_POD = "data-cache";
  public static final String CACHE_POD_UID = "c-1";
  public static final String BUCKET = "chaos";
  public static final String KEY = "chaos";
  public static final String SECRET = "chaos-secret";
  public static final String REGION = "cn-emulator";

  private Names() {}
}
