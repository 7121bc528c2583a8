package io.ossmount.operator.helmtest;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;

/** {@code ossmount-operator test [NAMESPACE/NAME]}: what the chart's test hook runs. */
public final class InstallationTestMain {
  private static final int PASSED = 0;
  private static final int FAILED = 1;

  private InstallationTestMain() {}

  /**
   * Runs it with the rights of the pod's service account, and tells the user on standard output.
   *
   * @param environment with OSSMOUNT_NAMESPACE, the release's
   * @param ossMount NAMESPACE/NAME of an OssMount to test; "" for none
   * @return the exit status of the process
   */
  public static int run(Map<String, String> environment, String ossMount)
      throws InterruptedException {
    var namespace = environment.getOrDefault("OSSMOUNT_NAMESPACE", "");
    var slash = ossMount.indexOf('/');
    if (namespace.isBlank()) {
      System.out.println("OSSMOUNT_NAMESPACE is missing");
      return FAILED;
    }
    if (!ossMount.isEmpty() && (slash < 1 || slash == ossMount.length() - 1)) {
      System.out.println("an OssMount is named as NAMESPACE/NAME, not " + ossMount);
      return FAILED;
    }
    try (var client = new KubernetesClientBuilder().build()) {
      var test =
          new InstallationTest(new KubernetesSurroundings(client, namespace), System.out::println);
      boolean passed =
          test.installed()
              && (ossMount.isEmpty()
                  || test.passes(ossMount.substring(0, slash), ossMount.substring(slash + 1)));
      return passed ? PASSED : FAILED;
    } catch (KubernetesClientException e) {
      System.out.println("The API server does not answer as it should: " + e.getMessage());
      return FAILED;
    }
  }
}
