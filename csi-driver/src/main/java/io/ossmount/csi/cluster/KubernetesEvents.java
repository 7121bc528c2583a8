package io.ossmount.csi.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.ossmount.api.Driver;
import io.ossmount.csi.volume.Digest;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Events through the API server, on a thread of its own behind a bounded queue. An Event has
 * a name that follows from its words, so that also a restarted plugin counts on instead of writing
 * it again.
 */
public final class KubernetesEvents implements Events, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesEvents.class);
  private static final int MOST_WAITING = 256;
  private static final int NAME_DIGITS = 16;
  private static final int LONGEST_NAME = 253;

  /** The API server's limit for a message. */
  private static final int LONGEST_MESSAGE = 1_000;

  private final KubernetesClient client;
  private final String nodeName;
  private final Clock clock;
  private final RecentWords recent;
  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread;

  /**
   * Writes through {@code client}, which stays the caller's, from now on.
   *
   * @param nodeName that the Events come from
   */
  public KubernetesEvents(KubernetesClient client, String nodeName, Clock clock) {
    this.client = client;
    this.nodeName = nodeName;
    this.clock = clock;
    recent = new RecentWords(clock);
    thread = Thread.ofPlatform().daemon().name("events").start(this::run);
  }

  @Override
  public void note(Subject about, String reason, String message) {
    offer(about, "Normal", reason, message);
  }

  @Override
  public void warn(Subject about, String reason, String message) {
    offer(about, "Warning", reason, message);
  }

  /** Writes nothing any more; what waits is lost. */
  @Override
  public void close() {
    thread.interrupt();
  }

  private void offer(Subject about, String type, String reason, String message) {
    var id = Digest.hex(String.join("\n", nodeName, about.uid(), type, reason, message));
    if (!recent.isDue(id)) {
      return;
    }
    if (!waiting.offer(event(about, id, type, reason, message))) {
      recent.forget(id);
      LOG.warn("Event {} about {} is lost: too many wait", reason, about.label());
    }
  }

  private void run() {
    try {
      while (true) {
        write(waiting.take());
      }
    } catch (InterruptedException _) {
      LOG.debug("no Events are written any more");
    }
  }

  private void write(Event event) {
    try {
      client.v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        count(event);
      } else {
        logLost(event, e);
      }
    } catch (RuntimeException | Error e) {
      logLost(event, e);
    }
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
    } catch (RuntimeException | Error e) {
      logLost(event, e);
    }
  }

  private static String name(Subject about, String id) {
    var object = about.name();
    var start = object.substring(0, Math.min(object.length(), LONGEST_NAME - NAME_DIGITS - 1));
    return start + "." + id.substring(0, NAME_DIGITS);
  }

  private static void logLost(Event event, Throwable e) {
    var about = event.getInvolvedObject();
    LOG.warn(
        "Event {} about {} {}/{} is lost: {}",
        event.getReason(),
        about.getKind(),
        about.getNamespace(),
        about.getName(),
        e instanceof KubernetesClientException answer && answer.getCode() != 0
            ? "HTTP " + answer.getCode()
            : String.valueOf(e.getCause() == null ? e : e.getCause()));
  }

  private Event event(Subject about, String id, String type, String reason, String message) {
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new EventBuilder()
        .withNewMetadata()
        .withName(name(about, id))
        .withNamespace(about.namespace())
        .endMetadata()
        .withNewInvolvedObject()
        .withApiVersion(about.apiVersion())
        .withKind(about.kind())
        .withNamespace(about.namespace())
        .withName(about.name())
        .withUid(about.uid())
        .endInvolvedObject()
        .withType(type)
        .withReason(reason)
        .withMessage(message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)))
        .withNewSource()
        .withComponent(Driver.NAME)
        .withHost(nodeName)
        .endSource()
        .withFirstTimestamp(now)
        .withLastTimestamp(now)
        .withCount(1)
        .build();
  }
}
