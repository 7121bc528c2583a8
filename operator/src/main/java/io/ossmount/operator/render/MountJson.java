package io.ossmount.operator.render;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.operator.observe.Credentials;
import io.ossmount.operator.observe.CredentialsLookup;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.MountSecretContent;
import io.ossmount.operator.observe.Observed;
import io.ossmount.proto.config.v1.AddressingStyle;
import io.ossmount.proto.config.v1.Cache;
import io.ossmount.proto.config.v1.Files;
import io.ossmount.proto.config.v1.MetadataCache;
import io.ossmount.proto.config.v1.MountConfiguration;
import io.ossmount.proto.config.v1.ReadMode;
import io.ossmount.proto.config.v1.Source;
import io.ossmount.proto.config.v1.Timeouts;
import io.ossmount.proto.config.v1.Write;
import io.ossmount.proto.config.v1.WriteMode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an OssMount's cache pods, as the JSON form of {@code
 * ossmount.config.v1.MountConfiguration}.
 */
public final class MountJson {
  private static final int OCTAL = 8;

  private MountJson() {}

  /**
   * Renders. While the credentials that the spec refers to cannot be had, those that the pods have
   * now stay, so that what is mounted goes on; without any, the cache pod itself says that they are
   * missing.
   */
  public static String of(Observed observed) {
    var credentials =
        observed.credentials() instanceof CredentialsLookup.Found(Credentials found)
            ? found
            : credentialsInForce(observed.secret());
    try {
      return JsonFormat.printer().print(message(observed.mount(), observed.spec(), credentials));
    } catch (InvalidProtocolBufferException _) {
      // Not as the cause: its text may hold credentials.
      throw new IllegalStateException("the configuration has no JSON form");
    }
  }

  private static Credentials credentialsInForce(@Nullable MountSecretContent secret) {
    if (secret == null || secret.mountJson().isEmpty()) {
      return Credentials.NONE;
    }
    var message = MountConfiguration.newBuilder();
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(secret.mountJson(), message);
    } catch (InvalidProtocolBufferException _) {
      return Credentials.NONE;
    }
    var credentials = message.getSource().getCredentials();
    return new Credentials(
        credentials.getAccessKeyId(),
        credentials.getAccessKeySecret(),
        credentials.getSecurityToken());
  }

  private static MountConfiguration message(
      MountIdentity mount, OssMountSpec spec, Credentials credentials) {
    return MountConfiguration.newBuilder()
        .setNamespace(mount.namespace())
        .setName(mount.name())
        .setUid(mount.uid())
        .setSource(source(spec, credentials))
        .setReadOnly(spec.readOnly())
        .setFiles(files(spec.files()))
        .setMetadataCache(
            MetadataCache.newBuilder()
                .setAttributeTimeout(duration(spec.metadataCache().attributeTimeout()))
                .setListTimeout(duration(spec.metadataCache().listTimeout()))
                .setNegativeTimeout(duration(spec.metadataCache().negativeTimeout())))
        .setCache(
            Cache.newBuilder()
                .setSizeBytes(bytes(spec.cache().size()))
                .setKeepFreeBytes(bytes(spec.cache().keepFree()))
                .setReadAheadBytes(bytes(spec.cache().readAhead()))
                .setReadMode(
                    switch (spec.cache().readMode()) {
                      case Cache -> ReadMode.READ_MODE_CACHE;
                      case None -> ReadMode.READ_MODE_NONE;
                    }))
        .setTimeouts(
            Timeouts.newBuilder()
                .setConnect(duration(spec.timeouts().connect()))
                .setOperation(duration(spec.timeouts().operation())))
        .setWrite(write(spec.write()))
        .build();
  }

  private static Write write(io.ossmount.api.v1alpha1.Write write) {
    return Write.newBuilder()
        .setMode(
            switch (write.mode()) {
              case Through -> WriteMode.WRITE_MODE_THROUGH;
              case Async -> WriteMode.WRITE_MODE_ASYNC;
            })
        .setPartSizeBytes(bytes(write.partSize()))
        .setStagingSizeBytes(bytes(write.stagingSize()))
        .build();
  }

  private static Source source(OssMountSpec spec, Credentials credentials) {
    var endpoint = Endpoint.of(spec);
    return Source.newBuilder()
        .setBucket(spec.bucket())
        .setDirectory(spec.directory())
        .setEndpoint(endpoint.url())
        .setRegion(endpoint.region())
        .setAddressingStyle(
            switch (spec.addressingStyle()) {
              case VirtualHosted -> AddressingStyle.VIRTUAL_HOSTED;
              case Path -> AddressingStyle.PATH;
            })
        .setCredentials(
            io.ossmount.proto.config.v1.Credentials.newBuilder()
                .setAccessKeyId(credentials.accessKeyId())
                .setAccessKeySecret(credentials.accessKeySecret())
                .setSecurityToken(credentials.securityToken()))
        .build();
  }

  private static Files files(io.ossmount.api.v1alpha1.Files files) {
    return Files.newBuilder()
        .setUid(unsigned(files.uid()))
        .setGid(unsigned(files.gid()))
        .setFileMode(Integer.parseInt(files.fileMode(), OCTAL))
        .setDirectoryMode(Integer.parseInt(files.directoryMode(), OCTAL))
        .build();
  }

  /** A uint32 is an int in Java: the upper half is negative. */
  private static int unsigned(long id) {
    return Integer.parseUnsignedInt(Long.toString(id));
  }

  private static Duration duration(String text) {
    return Durations.fromMillis(io.ossmount.api.v1alpha1.Durations.parse(text).toMillis());
  }

  private static long bytes(Quantity quantity) {
    var bytes = quantity.getNumericalAmount().setScale(0, RoundingMode.CEILING);
    return bytes.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValueExact();
  }
}
