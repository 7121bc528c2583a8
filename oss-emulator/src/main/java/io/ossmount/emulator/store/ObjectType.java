package io.ossmount.emulator.store;

/** What made an object, and so what may be done with it. */
public enum ObjectType {
  NORMAL("Normal"),
  MULTIPART("Multipart"),
  APPENDABLE("Appendable"),
  SYMLINK("Symlink");

  private final String apiName;

  ObjectType(String apiName) {
    this.apiName = apiName;
  }

  /** As x-oss-object-type shows it. */
  public String apiName() {
    return apiName;
  }
}
