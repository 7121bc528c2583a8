package io.ossmount.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.ossmount.api.Labels;
import java.net.HttpURLConnection;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The label by which the dashboard's Service finds the operator that leads: only that one asks the
 * cache pods. A process begins without it, also in a pod whose process before has led.
 */
final class LeaderLabel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderLabel.class);
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final String namespace;
  private final String pod;
  private final Thread thread = Thread.ofVirtual().name("leader-label").unstarted(this::keepTrying);
  private volatile boolean leads;
  private volatile boolean isClosed;

  LeaderLabel(KubernetesClient client, String namespace, String pod) {
    this.client = client;
    this.namespace = namespace;
    this.pod = pod;
  }

  /** Takes the label off what a process before has left. */
  void start() {
    thread.start();
  }

  /** From now on this process leads; it ends when it leads no more. */
  void lead() {
    leads = true;
  }

  @Override
  public void close() {
    isClosed = true;
    thread.interrupt();
  }

  private void keepTrying() {
    boolean written = false;
    boolean what = false;
    try {
      while (!isClosed && !(written && what)) {
        if (!written || what != leads) {
          what = leads;
          written = write(what);
        }
        Thread.sleep(written ? Duration.ofMillis(500) : AGAIN);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean write(boolean leader) {
    var value = leader ? "\"true\"" : "null";
    var patch = "{\"metadata\":{\"labels\":{\"%s\":%s}}}".formatted(Labels.LEADER, value);
    try {
      client
          .pods()
          .inNamespace(namespace)
          .withName(pod)
          .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        LOG.info("This process runs in no pod: the dashboard's Service does not lead to it");
        return true;
      }
      LOG.warn("Cannot label the operator's pod: {}", e.getMessage());
      return false;
    }
  }
}
