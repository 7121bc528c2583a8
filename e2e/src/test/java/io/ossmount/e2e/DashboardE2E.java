package io.ossmount.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ossmount.e2e.cluster.DashboardPort;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboard, asked through the API server's port-forward as a user does. */
final class DashboardE2E {
  private static final int MEBIBYTE = 1 << 20;

  private static TestBed bed;
  private static TestBed other;
  private static DashboardPort dashboard;

  @BeforeAll
  static void twoNamespacesWithAnOssMountEach() {
    bed = TestBed.create("e2e-dashboard");
    bed.oss().put(bed.bucket(), "data/read.bin", Bytes.random(2 * MEBIBYTE, 1));
    bed.oss().put(bed.bucket(), "data/unread.bin", Bytes.random(2 * MEBIBYTE, 2));
    bed.oss().put(bed.bucket(), "top.txt", "top".getBytes(UTF_8));
    // Nothing is fetched but what is read.
    bed.mount("shown", "cache: {readAhead: \"0\"}");
    bed.pod("shown", bed.firstNode(), "shown");
    other = TestBed.create("e2e-dashboard-other");
    other.mount("hidden", "");
    bed.space()
        .apply(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: viewer}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: nobody}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: viewer}
            rules:
              - {apiGroups: [ossmount.io], resources: [ossmounts], verbs: [get, list]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: viewer}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: viewer}
            subjects:
              - {kind: ServiceAccount, name: viewer, namespace: e2e-dashboard}
            """);
    dashboard = DashboardPort.open(bed.cluster());
  }

  @AfterAll
  static void removeThem() {
    dashboard.close();
    other.close();
    bed.close();
  }

  @Test
  void withoutATokenThereIsOnlyTheLogin() {
    var answer = dashboard.get("/", Optional.empty());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("Log in").doesNotContain("/mounts/");
    assertThat(dashboard.get("/", Optional.of("wrong")).statusCode()).isEqualTo(401);
  }

  @Test
  void aServiceAccountSeesTheNamespaceInWhichItMayGetOssMounts() {
    var list = dashboard.get("/", token("viewer"));
    assertThat(list.statusCode()).isEqualTo(200);
    assertThat(list.body())
        .contains("/mounts/e2e-dashboard/shown")
        .doesNotContain("/mounts/e2e-dashboard-other");
    assertThat(dashboard.get("/mounts/e2e-dashboard-other/hidden", token("viewer")).statusCode())
        .isEqualTo(404);
    assertThat(dashboard.get("/", token("nobody")).body()).doesNotContain("/mounts/");
  }

  @Test
  void theMountsPageTellsItsConditionsItsVolumeAndItsNode() {
    var page = dashboard.get("/mounts/e2e-dashboard/shown", token("viewer"));
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("BucketReachable", "e2e-dashboard/shown", bed.firstNode(), "Hit ratio")
        .contains(bed.bucket());
  }

  @Test
  void filesTellHowMuchOfThemIsCached() {
    // when
    bed.space().shell("shown", "cat /data/data/read.bin | wc -c").orFail();

    // then
    await("what was read is cached")
        .atMost(Duration.ofSeconds(90))
        .ignoreExceptions()
        .untilAsserted(() -> {
          var files =
              dashboard.get(
                  "/mounts/e2e-dashboard/shown/files?path=data&node=" + bed.firstNode(),
                  token("viewer"));
          assertThat(files.statusCode()).isEqualTo(200);
          assertThat(row(files.body(), "read.bin")).contains("100 %");
          assertThat(row(files.body(), "unread.bin")).contains("0 %").doesNotContain("100 %");
        });
    var root =
        dashboard.get("/mounts/e2e-dashboard/shown/files?node=" + bed.firstNode(), token("viewer"));
    assertThat(row(root.body(), "data/")).contains("50 %", "4 MiB");
  }

  /** The row of an entry, whose name stands alone in its cell. */
  private static String row(String page, String name) {
    int at = page.indexOf(">" + name + "<");
    assertThat(at).as("%s is listed", name).isNotNegative();
    return page.substring(at, page.indexOf("</tr>", at));
  }

  private static Optional<String> token(String account) {
    return Optional.of(
        bed.cluster()
            .kubectl("-n", bed.space().namespace(), "create", "token", account)
            .orFail()
            .strip());
  }
}
