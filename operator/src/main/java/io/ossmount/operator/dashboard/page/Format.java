package io.ossmount.operator.dashboard.page;

import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Figures as people read them. Pure; English whatever the locale. */
final class Format {
  /** Where there is nothing to tell. */
  static final String NOTHING = "–";

  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
  private static final double STEP = 1024;
  private static final double WHOLE = 100;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Format() {}

  static String bytes(double bytes) {
    int unit = 0;
    double amount = Math.max(0, bytes);
    // 1023.95 would show as 1024.0.
    while (amount >= STEP - 0.05 && unit < UNITS.size() - 1) {
      amount /= STEP;
      unit++;
    }
    var pattern =
        unit == 0 || amount >= WHOLE || Math.abs(amount - Math.rint(amount)) < 0.05
            ? "%.0f %s"
            : "%.1f %s";
    return String.format(Locale.ROOT, pattern, amount, UNITS.get(unit));
  }

  static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  static String bytes(@Nullable Quantity quantity) {
    return quantity == null ? NOTHING : bytes(Quantity.getAmountInBytes(quantity).doubleValue());
  }

  static String rate(double bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  static String count(double count) {
    var pattern = count == Math.rint(count) || count >= WHOLE ? "%.0f" : "%.1f";
    return String.format(Locale.ROOT, pattern, count);
  }

  /** Of 0 to 1; rounded down, so that 100 % is all. */
  static String percent(double part) {
    return (int) Math.floor(Math.clamp(part, 0, 1) * WHOLE + 1e-9) + " %";
  }

  static String percent(OptionalDouble part) {
    return part.isPresent() ? percent(part.getAsDouble()) : NOTHING;
  }

  static String millis(double millis) {
    return millis >= 1000
        ? String.format(Locale.ROOT, "%.1f s", millis / 1000)
        : String.format(Locale.ROOT, millis >= 10 || millis == 0 ? "%.0f ms" : "%.1f ms", millis);
  }

  static String millis(OptionalDouble millis) {
    return millis.isPresent() ? millis(millis.getAsDouble()) : NOTHING;
  }

  /** Such as 14:05, in UTC. */
  static String clock(Instant time) {
    return CLOCK.format(time);
  }

  /** Such as 2026-03-01 14:05, in UTC. */
  static String date(Instant time) {
    return DATE.format(time);
  }

  /** How long ago: 12s, 5m, 3h, 8d. */
  static String age(Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  /** The same of a time that Kubernetes tells; what is none is shown as it is. */
  static Markup age(@Nullable String then, Instant now) {
    if (then == null || then.isEmpty()) {
      return Markup.text(NOTHING);
    }
    try {
      return ago(Instant.parse(then), now);
    } catch (java.time.format.DateTimeParseException _) {
      return Markup.text(then);
    }
  }

  private static Markup ago(Instant then, Instant now) {
    return Markup.of(
        "<time datetime=\"{}\" title=\"{} UTC\">{}</time>", then, date(then), age(then, now));
  }
}
