package io.ossmount.operator.report;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.Labels;
import io.ossmount.operator.plan.Hashes;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events. The same words about the same object are one Event, whose count grows at most once
 * in five minutes. An Event that cannot be written is not worth a failure: the condition says the
 * same. Safe for use by many threads.
 */
final class EventRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
  private static final Duration AGAIN_AFTER = Duration.ofMinutes(5);
  private static final int MAX_REMEMBERED = 8192;
  private static final int NAME_HASH_CHARS = 16;

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<String, Instant> written = new LinkedHashMap<>();

  EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void warn(ObjectReference about, String reason, String message) {
    write(about, "Warning", reason, message);
  }

  void note(ObjectReference about, String reason, String message) {
    write(about, "Normal", reason, message);
  }

  private void write(ObjectReference about, String type, String reason, String message) {
    var id = Hashes.sha256(about.getUid() + "/" + type + "/" + reason + "/" + message);
    if (!isDue(id)) {
      return;
    }
    var event = event(about, id, type, reason, message);
    try {
      client.v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        count(event);
      } else {
        LOG.warn("Cannot write Event {} about {}: {}", reason, about.getName(), e.getMessage());
      }
    }
  }

  private synchronized boolean isDue(String id) {
    var now = clock.instant();
    var last = written.get(id);
    if (last != null && last.plus(AGAIN_AFTER).isAfter(now)) {
      return false;
    }
    written.remove(id);
    written.put(id, now);
    if (written.size() > MAX_REMEMBERED) {
      written.remove(written.keySet().iterator().next());
    }
    return true;
  }

  private Event event(
      ObjectReference about, String id, String type, String reason, String message) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withName(about.getName() + "." + id.substring(0, NAME_HASH_CHARS))
        .withNamespace(about.getNamespace())
        .endMetadata()
        .withInvolvedObject(about)
        .withType(type)
        .withReason(reason)
        .withMessage(message)
        .withNewSource()
        .withComponent(Labels.MANAGED_BY_VALUE)
        .endSource()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }

  private void count(Event event) {
    try {
      client
          .v1()
          .events()
          .resource(event)
          .edit(known ->
              new EventBuilder(known)
                  .withCount(Objects.requireNonNullElse(known.getCount(), 0) + 1)
                  .withLastTimestamp(event.getLastTimestamp())
                  .build());
    } catch (KubernetesClientException e) {
      LOG.debug("Cannot count Event {}: {}", event.getMetadata().getName(), e.getMessage());
    }
  }
}
