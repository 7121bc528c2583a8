package io.ossmount.operator.dashboard.page;

import static io.ossmount.operator.dashboard.page.Tables.Column.number;
import static io.ossmount.operator.dashboard.page.Tables.Column.text;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.ossmount.operator.control.PodTraffic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happens around a mount: uploads, tests, Events. Pure. */
final class Activity {
  private Activity() {}

  static Markup uploads(PodTraffic.Uploads uploads) {
    var rest = uploads.count() - uploads.first().size();
    var table =
        Tables.table(
            "Running uploads",
            List.of(text("File"), text("Sent"), number("Size")),
            uploads.first().stream()
                .map(one ->
                    List.of(
                        Markup.of("<span class=\"path\">{}</span>", one.path()),
                        Tables.bar(
                            share(one.sentBytes(), one.totalBytes()),
                            Format.bytes(one.sentBytes())),
                        Markup.text(Format.bytes(one.totalBytes()))))
                .toList(),
            "Nothing is going up now.");
    return Tables.section(
        "uploads",
        "Running uploads",
        rest <= 0
            ? table
            : Markup.of(
                "{}<p class=\"sub\">And {} more: {} of {} together.</p>",
                table,
                rest,
                Format.bytes(uploads.sentBytes()),
                Format.bytes(uploads.totalBytes())));
  }

  static Markup tests(@Nullable List<GenericKubernetesResource> tests, Instant now) {
    if (tests == null) {
      return Markup.NONE;
    }
    return Tables.section(
        "tests",
        "Tests",
        Tables.table(
            "Tests",
            List.of(text("Name"), text("Condition"), text("Message"), text("Age")),
            tests.stream()
                .map(test ->
                    List.of(
                        Markup.text(test.getMetadata().getName()),
                        Markup.text(condition(test, "reason")),
                        Markup.text(condition(test, "message")),
                        Format.age(test.getMetadata().getCreationTimestamp(), now)))
                .toList(),
            "No OssMountTest of this OssMount."));
  }

  /** A field of the last condition that a resource of any kind has. */
  private static String condition(GenericKubernetesResource of, String field) {
    if (of.getAdditionalProperties().get("status") instanceof Map<?, ?> status
        && status.get("conditions") instanceof List<?> conditions
        && !conditions.isEmpty()
        && conditions.getLast() instanceof Map<?, ?> last) {
      return MountListPage.orNothing(last.get(field));
    }
    return Format.NOTHING;
  }

  static Markup events(@Nullable List<Event> events, Instant now) {
    return Tables.section(
        "events",
        "Events",
        Tables.table(
            "Events of the OssMount and its cache pods",
            List.of(
                text("Last"),
                text("Type"),
                text("Reason"),
                text("About"),
                text("Message"),
                number("Count")),
            events == null ? List.of() : events.stream().map(event -> row(event, now)).toList(),
            events == null
                ? "The API server could not be asked for Events."
                : "No Event is known: Kubernetes forgets them after an hour."));
  }

  private static List<Markup> row(Event event, Instant now) {
    var about = event.getInvolvedObject();
    boolean isWarning = "Warning".equals(event.getType());
    return List.of(
        Format.age(time(event), now),
        isWarning ? Tables.badge("False", "Warning") : Tables.badge("", "Normal"),
        Markup.text(MountListPage.orNothing(event.getReason())),
        Markup.text(about == null ? Format.NOTHING : about.getKind() + " " + about.getName()),
        Markup.text(MountListPage.orNothing(event.getMessage())),
        Markup.text(MountListPage.orNothing(Objects.requireNonNullElse(event.getCount(), 1))));
  }

  /** When an Event was seen last, by the fields of both forms of Events; "" if it does not say. */
  static String time(Event event) {
    if (event.getLastTimestamp() != null) {
      return event.getLastTimestamp();
    }
    if (event.getEventTime() != null && event.getEventTime().getTime() != null) {
      return event.getEventTime().getTime();
    }
    return Objects.requireNonNullElse(event.getMetadata().getCreationTimestamp(), "");
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 1 : (double) part / whole;
  }
}
