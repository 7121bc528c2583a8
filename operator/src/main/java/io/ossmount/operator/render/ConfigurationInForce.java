package io.ossmount.operator.render;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.ossmount.operator.observe.Credentials;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.observe.MountSecretContent;
import io.ossmount.proto.config.v1.MountConfiguration;
import io.ossmount.proto.config.v1.NestedMount;
import io.ossmount.proto.config.v1.Source;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that the cache pods have now. What cannot be had at the moment stays as it is
 * here, so that what is mounted goes on.
 */
record ConfigurationInForce(MountConfiguration configuration) {
  /** Reads it; of a Secret that is not there or damaged, an empty one. */
  static ConfigurationInForce of(@Nullable MountSecretContent secret) {
    var message = MountConfiguration.newBuilder();
    try {
      if (secret != null && !secret.mountJson().isEmpty()) {
        JsonFormat.parser().ignoringUnknownFields().merge(secret.mountJson(), message);
      }
      return new ConfigurationInForce(message.build());
    } catch (InvalidProtocolBufferException _) {
      return new ConfigurationInForce(MountConfiguration.getDefaultInstance());
    }
  }

  /** Those that were found, or else those in force. */
  Credentials credentials(CredentialsLookup lookup) {
    return found(lookup, configuration.getSource());
  }

  /** The same for a nested mount; in force are those of the mount of its bucket at its path. */
  Credentials credentials(CredentialsLookup lookup, String path, String bucket) {
    return found(
        lookup,
        configuration.getMountsList().stream()
            .filter(mount -> mount.getPath().equals(path))
            .map(NestedMount::getSource)
            .filter(source -> source.getBucket().equals(bucket))
            .findFirst()
            .orElse(Source.getDefaultInstance()));
  }

  /** Endpoint, region and addressing style of the OssMount itself. */
  Source.Builder place() {
    var source = configuration.getSource();
    return Source.newBuilder()
        .setEndpoint(source.getEndpoint())
        .setRegion(source.getRegion())
        .setAddressingStyle(source.getAddressingStyle());
  }

  private static Credentials found(CredentialsLookup lookup, Source inForce) {
    if (lookup instanceof CredentialsLookup.Found(Credentials found)) {
      return found;
    }
    var credentials = inForce.getCredentials();
    return new Credentials(
        credentials.getAccessKeyId(),
        credentials.getAccessKeySecret(),
        credentials.getSecurityToken());
  }

  @Override
  public String toString() {
    return "ConfigurationInForce[redacted]";
  }
}
