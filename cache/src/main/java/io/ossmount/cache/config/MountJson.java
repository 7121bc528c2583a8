package io.ossmount.cache.config;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import io.ossmount.cache.config.MountSettings.Cache;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Files;
import io.ossmount.cache.config.MountSettings.MetadataCache;
import io.ossmount.cache.config.MountSettings.MountName;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.config.MountSettings.Write;
import io.ossmount.proto.config.v1.AddressingStyle;
import io.ossmount.proto.config.v1.MountConfiguration;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code mount.json}: the JSON form of {@code ossmount.config.v1.MountConfiguration}, which
 * the operator writes. Fields that this version does not know are passed over, so that a newer
 * operator can talk to an older pod.
 */
public final class MountJson {
  private static final int PERMISSION_BITS = 0777;
  private static final int LONGEST_RESET = 63;
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
  private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

  private final List<String> problems = new ArrayList<>();

  private MountJson() {}

  /**
   * Reads and checks.
   *
   * @throws InvalidConfigurationException with all that is wrong
   */
  public static MountSettings parse(byte[] json) throws InvalidConfigurationException {
    MountConfiguration.Builder message = MountConfiguration.newBuilder();
    try {
      JsonFormat.parser()
          .ignoringUnknownFields()
          .merge(new String(json, StandardCharsets.UTF_8), message);
    } catch (InvalidProtocolBufferException e) {
      // Its message may quote the text, and so a secret: only the place is told.
      Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
      String where = place.find() ? " (" + place.group() + ")" : "";
      throw new InvalidConfigurationException(
          List.of("is not the JSON of a MountConfiguration" + where));
    }
    MountJson reader = new MountJson();
    MountSettings settings = reader.settings(message.build());
    if (!reader.problems.isEmpty()) {
      throw new InvalidConfigurationException(reader.problems);
    }
    return settings;
  }

  private MountSettings settings(MountConfiguration message) {
    // In the order in which problems are told.
    Source source = source("source", message.getSource());
    Files files = files(message);
    MetadataCache metadata =
        metadataCache("metadataCache", message.getMetadataCache(), MetadataCache.DEFAULT);
    return new MountSettings(
        new MountName(message.getNamespace(), message.getName(), message.getUid()),
        source,
        message.getReadOnly(),
        files,
        metadata,
        cache(message.getCache()),
        timeouts(message),
        write(message.getWrite()),
        reset(message.getReset()),
        new NestedMountJson(this, problems).read(message, metadata));
  }

  Source source(String field, io.ossmount.proto.config.v1.Source source) {
    require(
        BUCKET.matcher(source.getBucket()).matches(),
        field + ".bucket has to be a bucket name: 3 to 63 of a-z, 0-9 and -");
    String directory = source.getDirectory();
    require(
        directory.isEmpty() || isRelative(directory),
        field + ".directory has to be names with / between them, without . and ..");
    require(!source.getRegion().isBlank(), field + ".region is missing");
    AddressingStyle style = source.getAddressingStyle();
    require(style != AddressingStyle.UNRECOGNIZED, field + ".addressingStyle is unknown");
    return new Source(
        source.getBucket(),
        directory,
        endpoint(field, source.getEndpoint()),
        source.getRegion(),
        style == AddressingStyle.PATH,
        credentials(source.getCredentials()));
  }

  private static boolean isRelative(String directory) {
    for (String name : directory.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private URI endpoint(String field, String text) {
    try {
      URI endpoint = URI.create(text);
      String scheme = String.valueOf(endpoint.getScheme());
      if ((scheme.equals("https") || scheme.equals("http"))
          && endpoint.getHost() != null
          && String.valueOf(endpoint.getPath()).length() <= 1
          && endpoint.getUserInfo() == null
          && endpoint.getQuery() == null) {
        return endpoint;
      }
    } catch (IllegalArgumentException e) {
      // Told below, like the rest.
    }
    problems.add(field + ".endpoint has to be https://HOST[:PORT] or http://HOST[:PORT]");
    return URI.create("");
  }

  private static Optional<Credentials> credentials(
      io.ossmount.proto.config.v1.Credentials credentials) {
    if (credentials.getAccessKeyId().isBlank() || credentials.getAccessKeySecret().isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        new Credentials(
            credentials.getAccessKeyId(),
            credentials.getAccessKeySecret(),
            Optional.of(credentials.getSecurityToken()).filter(token -> !token.isBlank())));
  }

  private Files files(MountConfiguration message) {
    if (!message.hasFiles()) {
      return Files.DEFAULT;
    }
    var files = message.getFiles();
    require((files.getFileMode() & ~PERMISSION_BITS) == 0, "files.fileMode exceeds 0777");
    require((files.getDirectoryMode() & ~PERMISSION_BITS) == 0, "files.directoryMode exceeds 0777");
    return new Files(files.getUid(), files.getGid(), files.getFileMode(), files.getDirectoryMode());
  }

  MetadataCache metadataCache(
      String field, io.ossmount.proto.config.v1.MetadataCache cache, MetadataCache missing) {
    return new MetadataCache(
        cache.hasAttributeTimeout()
            ? duration(field + ".attributeTimeout", cache.getAttributeTimeout(), 0)
            : missing.attributeTimeout(),
        cache.hasListTimeout()
            ? duration(field + ".listTimeout", cache.getListTimeout(), 0)
            : missing.listTimeout(),
        cache.hasNegativeTimeout()
            ? duration(field + ".negativeTimeout", cache.getNegativeTimeout(), 0)
            : missing.negativeTimeout());
  }

  private Cache cache(io.ossmount.proto.config.v1.Cache cache) {
    require(cache.getSizeBytes() > 0, "cache.sizeBytes has to be more than 0");
    require(cache.getKeepFreeBytes() >= 0, "cache.keepFreeBytes is negative");
    require(cache.getReadAheadBytes() >= 0, "cache.readAheadBytes is negative");
    return new Cache(
        cache.getSizeBytes(),
        cache.getKeepFreeBytes(),
        cache.hasReadAheadBytes() ? cache.getReadAheadBytes() : Cache.USUAL_READ_AHEAD,
        switch (cache.getReadMode()) {
          case READ_MODE_NONE -> ReadMode.NONE;
          case READ_MODE_UNSPECIFIED, READ_MODE_CACHE, UNRECOGNIZED -> ReadMode.CACHE;
        });
  }

  private Write write(io.ossmount.proto.config.v1.Write write) {
    long part = write.hasPartSizeBytes() ? write.getPartSizeBytes() : Write.DEFAULT.partSizeBytes();
    long staging =
        write.hasStagingSizeBytes()
            ? write.getStagingSizeBytes()
            : Write.DEFAULT.stagingSizeBytes();
    require(
        part >= Write.LEAST_PART && part <= Write.LARGEST_PART,
        "write.partSizeBytes has to be 100 KiB to 5 GiB");
    require(staging > 0, "write.stagingSizeBytes has to be more than 0");
    WriteMode mode =
        switch (write.getMode()) {
          case WRITE_MODE_ASYNC -> WriteMode.ASYNC;
          case WRITE_MODE_UNSPECIFIED, WRITE_MODE_THROUGH, UNRECOGNIZED -> WriteMode.THROUGH;
        };
    return new Write(mode, part, staging);
  }

  private Timeouts timeouts(MountConfiguration message) {
    var timeouts = message.getTimeouts();
    Timeouts missing = Timeouts.DEFAULT;
    return new Timeouts(
        timeouts.hasConnect()
            ? duration("timeouts.connect", timeouts.getConnect(), 1)
            : missing.connect(),
        timeouts.hasOperation()
            ? duration("timeouts.operation", timeouts.getOperation(), 1)
            : missing.operation());
  }

  private String reset(String value) {
    require(
        value.length() <= LONGEST_RESET && value.chars().noneMatch(Character::isISOControl),
        "reset has to be at most %d printable characters".formatted(LONGEST_RESET));
    return value;
  }

  private Duration duration(String field, com.google.protobuf.Duration duration, long leastMillis) {
    require(
        Durations.isValid(duration) && Durations.toMillis(duration) >= leastMillis,
        field + " has to be at least " + leastMillis + " ms");
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
