package io.ossmount.csi.controller;

import io.ossmount.csi.volume.VolumeException.InvalidRequest;
import java.util.regex.Pattern;

/** Namespace and name of an object. */
record ObjectName(String namespace, String name) {
  private static final Pattern FORM =
      Pattern.compile("(?<namespace>[a-z0-9-]{1,63})/(?<name>[a-z0-9.-]{1,253})");

  /** Reads NAMESPACE/NAME; {@code what} names it in the message. */
  static ObjectName parse(String what, String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new InvalidRequest(what + " has to be NAMESPACE/NAME, such as ml/training-data");
    }
    return new ObjectName(form.group("namespace"), form.group("name"));
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
