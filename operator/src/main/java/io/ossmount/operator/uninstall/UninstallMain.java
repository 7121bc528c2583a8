package io.ossmount.operator.uninstall;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * {@code ossmount-operator uninstall}: what the chart's hook runs before {@code helm uninstall}.
 */
public final class UninstallMain {
  private static final int READY = 0;
  private static final int NOT_READY = 1;

  private UninstallMain() {}

  /**
   * Runs it with the rights of the pod's service account, and tells the user on standard output.
   *
   * @param environment with OSSMOUNT_NAMESPACE, the release's, and OSSMOUNT_WAY_BACK, the command
   *     that keeps the release
   * @return the exit status of the process: 0 when the release may be deleted
   */
  public static int run(Map<String, String> environment) throws InterruptedException {
    var namespace = environment.getOrDefault("OSSMOUNT_NAMESPACE", "");
    var wayBack = environment.getOrDefault("OSSMOUNT_WAY_BACK", "");
    if (namespace.isBlank() || wayBack.isBlank()) {
      System.out.println("OSSMOUNT_NAMESPACE or OSSMOUNT_WAY_BACK is missing");
      return NOT_READY;
    }
    try (var client = new KubernetesClientBuilder().build()) {
      var installation = new KubernetesInstallation(client, namespace);
      return new Uninstall(installation, Patience.real(), wayBack, System.out::println).run()
          ? READY
          : NOT_READY;
    } catch (KubernetesClientException | UncheckedIOException e) {
      System.out.println("OssMount stays: " + e.getMessage());
      return NOT_READY;
    }
  }
}
