package io.ossmount.api.v1alpha1;

/** How requests name the bucket; the constants are the values of the API. */
public enum AddressingStyle {
  /** The bucket is a label of the host name. */
  VirtualHosted,
  /** The bucket is the first segment of the path. */
  Path
}
