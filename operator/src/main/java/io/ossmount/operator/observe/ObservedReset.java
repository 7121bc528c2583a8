package io.ossmount.operator.observe;

import io.ossmount.api.Annotations;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.ResetStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an OssMount says of a reset of its caches.
 *
 * @param asked value of {@link Annotations#RESET}; "": there is none, or it is not valid
 * @param problem what is wrong with the value; null: nothing
 * @param before how the latest reset stood; null: there was none
 */
public record ObservedReset(String asked, @Nullable String problem, @Nullable ResetStatus before) {
  /** Of an OssMount that says nothing. */
  public static final ObservedReset NONE = new ObservedReset("", null, null);

  private static final int LONGEST = 63;

  /** Reads it from an OssMount. */
  public static ObservedReset of(OssMount mount) {
    var annotations = mount.getMetadata().getAnnotations();
    var value =
        annotations == null
            ? ""
            : Objects.requireNonNullElse(annotations.get(Annotations.RESET), "");
    var before = mount.getStatus() == null ? null : mount.getStatus().reset();
    var problem = problem(value);
    return new ObservedReset(problem == null ? value : "", problem, before);
  }

  private static @Nullable String problem(String value) {
    if (value.length() > LONGEST) {
      return "it has %d characters, more than %d".formatted(value.length(), LONGEST);
    }
    return value.chars().anyMatch(Character::isISOControl) ? "it has control characters" : null;
  }
}
