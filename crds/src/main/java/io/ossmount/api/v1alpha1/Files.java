package io.ossmount.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * What stat(2) shows for objects that do not carry these themselves. Ids are unsigned 32-bit; modes
 * are octal text.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Files(
    @JsonPropertyDescription("User id of files and directories. Default: 0.")
        @Min(0)
        @Max(Files.LARGEST_ID)
        Long uid,
    @JsonPropertyDescription(
            "Group id of files and directories. A pod's fsGroup takes its place in the volumes"
                + " of that pod. Default: 0.")
        @Min(0)
        @Max(Files.LARGEST_ID)
        Long gid,
    @JsonPropertyDescription("Permission bits of files, in octal and quoted. Default: \"0644\".")
        @Size(max = 16)
        @ValidationRule(value = Files.IS_MODE, message = Files.MODE_MESSAGE)
        String fileMode,
    @JsonPropertyDescription(
            "Permission bits of directories, in octal and quoted. Default: \"0755\".")
        @Size(max = 16)
        @ValidationRule(value = Files.IS_MODE, message = Files.MODE_MESSAGE)
        String directoryMode) {
  private static final String FILE_MODE = "0644";
  private static final String DIRECTORY_MODE = "0755";
  private static final String IS_MODE = "self.matches('^0?[0-7]{3}$')";
  private static final String MODE_MESSAGE =
      "a mode is written in octal and quoted, from \"0000\" to \"0777\"";

  /** The id after this, 0xFFFFFFFF, means "none" to the kernel. */
  private static final double LARGEST_ID = 4294967294.0;

  /** Fills in what is absent. */
  @SuppressWarnings("NullAway") // Jackson gives null for what is absent.
  public Files {
    uid = requireNonNullElse(uid, 0L);
    gid = requireNonNullElse(gid, 0L);
    fileMode = requireNonNullElse(fileMode, FILE_MODE);
    directoryMode = requireNonNullElse(directoryMode, DIRECTORY_MODE);
  }

  static Files defaults() {
    return from(null, null, null, null);
  }

  @SuppressWarnings("NullAway") // The constructor takes null for what is absent.
  private static Files from(
      @Nullable Long uid,
      @Nullable Long gid,
      @Nullable String fileMode,
      @Nullable String directoryMode) {
    return new Files(uid, gid, fileMode, directoryMode);
  }
}
