package io.ossmount.operator.render;

import static java.util.Objects.requireNonNullElse;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.operator.observe.Credentials;
import io.ossmount.operator.observe.Observed;
import io.ossmount.operator.observe.ObservedNestedMount;
import io.ossmount.proto.config.v1.AddressingStyle;
import io.ossmount.proto.config.v1.Cache;
import io.ossmount.proto.config.v1.Files;
import io.ossmount.proto.config.v1.MetadataCache;
import io.ossmount.proto.config.v1.MountConfiguration;
import io.ossmount.proto.config.v1.NestedMount;
import io.ossmount.proto.config.v1.ReadMode;
import io.ossmount.proto.config.v1.Source;
import io.ossmount.proto.config.v1.Timeouts;
import io.ossmount.proto.config.v1.Write;
import io.ossmount.proto.config.v1.WriteMode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Consumer;
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
   * missing. So for each nested mount.
   */
  public static String of(Observed observed) {
    try {
      return JsonFormat.printer().print(message(observed));
    } catch (InvalidProtocolBufferException _) {
      // Not as the cause: its text may hold credentials.
      throw new IllegalStateException("the configuration has no JSON form");
    }
  }

  private static MountConfiguration message(Observed observed) {
    var mount = observed.mount();
    var spec = observed.spec();
    var inForce = ConfigurationInForce.of(observed.secret());
    return MountConfiguration.newBuilder()
        .setNamespace(mount.namespace())
        .setName(mount.name())
        .setUid(mount.uid())
        .setSource(
            place(spec.endpoint(), spec.region(), spec.addressingStyle(), inForce)
                .setBucket(spec.bucket())
                .setDirectory(spec.directory())
                .setCredentials(credentials(inForce.credentials(observed.credentials()))))
        .setReadOnly(spec.readOnly())
        .setFiles(files(spec.files()))
        .setMetadataCache(metadataCache(spec.metadataCache()))
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
        .addAllMounts(
            observed.mounts().stream().map(nested -> nested(nested, spec, inForce)).toList())
        .setReset(observed.reset().asked())
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

  private static NestedMount nested(
      ObservedNestedMount nested, OssMountSpec spec, ConfigurationInForce inForce) {
    var mount = nested.mount();
    var style = requireNonNullElse(mount.addressingStyle(), spec.addressingStyle());
    var credentials = inForce.credentials(nested.credentials(), mount.path(), mount.bucket());
    return NestedMount.newBuilder()
        .setPath(mount.path())
        .setSource(
            place(mount.endpoint(), mount.region(), style, inForce)
                .setBucket(mount.bucket())
                .setDirectory(mount.directory())
                .setCredentials(credentials(credentials)))
        .setReadOnly(mount.readOnly())
        .setMetadataCache(
            metadataCache(requireNonNullElse(mount.metadataCache(), spec.metadataCache())))
        .build();
  }

  /** Without an endpoint, which a cluster whose default went away leaves, it is that in force. */
  private static Source.Builder place(
      @Nullable String endpoint,
      @Nullable String region,
      io.ossmount.api.v1alpha1.AddressingStyle style,
      ConfigurationInForce inForce) {
    if (endpoint == null) {
      return inForce.place();
    }
    var resolved = Endpoint.of(endpoint, region);
    return Source.newBuilder()
        .setEndpoint(resolved.url())
        .setRegion(resolved.region())
        .setAddressingStyle(
            switch (style) {
              case VirtualHosted -> AddressingStyle.VIRTUAL_HOSTED;
              case Path -> AddressingStyle.PATH;
            });
  }

  private static io.ossmount.proto.config.v1.Credentials credentials(Credentials credentials) {
    return io.ossmount.proto.config.v1.Credentials.newBuilder()
        .setAccessKeyId(credentials.accessKeyId())
        .setAccessKeySecret(credentials.accessKeySecret())
        .setSecurityToken(credentials.securityToken())
        .build();
  }

  private static MetadataCache metadataCache(io.ossmount.api.v1alpha1.MetadataCache cache) {
    var message = MetadataCache.newBuilder();
    duration(cache.attributeTimeout(), message::setAttributeTimeout);
    duration(cache.listTimeout(), message::setListTimeout);
    duration(cache.negativeTimeout(), message::setNegativeTimeout);
    return message.build();
  }

  private static void duration(@Nullable String text, Consumer<Duration> field) {
    if (text != null) {
      field.accept(duration(text));
    }
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
