package io.ossmount.operator.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.operator.dashboard.DashboardScene;
import io.ossmount.operator.dashboard.ServedDashboard;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/** Asks over a real socket, by HTTPS. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
class DashboardIT {
  private ServedDashboard served;

  @SuppressWarnings("NullAway") // Set before the first test.
  DashboardIT() {}

  @BeforeAll
  void serve() throws Exception {
    served = ServedDashboard.start();
  }

  @AfterAll
  void stop() {
    served.close();
  }

  @Test
  void withoutATokenThereIsNothingToSee() throws Exception {
    for (var path :
        new String[] {"/", "/mounts/ml/training-data", "/mounts/ml/training-data/files"}) {
      var answer = served.get(path, Map.of());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
      assertThat(answer.body()).contains("Log in").doesNotContain("training-data");
    }
  }

  @Test
  void aTokenShowsTheNamespacesOfItsUser() throws Exception {
    assertThat(as(DashboardScene.ADMIN, "/").body())
        .contains("training-data", "/mounts/eval/images");
    assertThat(as(DashboardScene.ANNA, "/").body())
        .contains("training-data")
        .doesNotContain("/mounts/eval/images");
    assertThat(as(DashboardScene.ADMIN, "/mounts/eval/images").statusCode()).isEqualTo(200);
    assertThat(as(DashboardScene.ANNA, "/mounts/eval/images").statusCode()).isEqualTo(404);
    assertThat(as(DashboardScene.ANNA, "/mounts/eval/images/files").statusCode()).isEqualTo(404);
    assertThat(as(DashboardScene.ANNA, "/mounts/ml/none").statusCode()).isEqualTo(404);
  }

  @Test
  void whoseClaimsUseAMountIsToldToWhoMaySeeTheirNamespace() throws Exception {
    assertThat(as(DashboardScene.ADMIN, "/mounts/ml/training-data").body()).contains("eval/shared");
    assertThat(as(DashboardScene.ANNA, "/mounts/ml/training-data").body())
        .contains("in another namespace")
        .doesNotContain("eval/shared");
  }

  @Test
  void everyAnswerForbidsWhatABrowserNeedNotDo() throws Exception {
    for (var path : new String[] {"/", "/login", "/assets/dashboard.js", "/none", "/%ff"}) {
      var headers = served.get(path, Map.of()).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'", "frame-ancestors 'none'")
          .doesNotContain("unsafe-inline");
      assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Cache-Control")).contains("no-store");
    }
  }

  @Test
  void pagesHaveNothingThatThePolicyForbids() throws Exception {
    for (var path :
        new String[] {
          "/", "/mounts/ml/training-data", "/mounts/ml/training-data/files?path=train"
        }) {
      assertThat(as(DashboardScene.ADMIN, path).body())
          .doesNotContain(
              " style=\"", "<style", "onclick", "javascript:", "http://", "src=\"https:");
    }
  }

  @Test
  void aSessionBeginsWithAFormAndEndsWithOne() throws Exception {
    // when
    var begun = served.post("/login", "token=" + DashboardScene.ANNA, Map.of());

    // then
    assertThat(begun.statusCode()).isEqualTo(303);
    var cookie = begun.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie)
        .contains("Secure", "HttpOnly", "SameSite=Strict")
        .doesNotContain(DashboardScene.ANNA);
    var mine = Map.of("Cookie", cookie.substring(0, cookie.indexOf(';')));
    var page = served.get("/", mine);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("system:serviceaccount:ml:anna", "Log out");

    // when
    var forged = served.post("/logout", "form=guessed", mine);
    // then
    assertThat(forged.statusCode()).isEqualTo(403);
    assertThat(served.get("/", mine).statusCode()).isEqualTo(200);

    // when
    var start = page.body().indexOf("name=\"form\" value=\"") + 19;
    var form = page.body().substring(start, page.body().indexOf('"', start));
    // then
    assertThat(served.post("/logout", "form=" + form, mine).statusCode()).isEqualTo(303);
    assertThat(served.get("/", mine).statusCode()).isEqualTo(401);
  }

  @Test
  void aFormOfAnotherSiteBeginsNothing() throws Exception {
    var answer =
        served.post(
            "/login", "token=" + DashboardScene.ANNA, Map.of("Sec-Fetch-Site", "cross-site"));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
  }

  @Test
  void wrongTokensAreRefusedAndThenNotEvenLookedAt() throws Exception {
    try (var alone = ServedDashboard.start()) {
      for (int i = 0; i < 10; i++) {
        assertThat(alone.post("/login", "token=wrong" + i, Map.of()).statusCode()).isEqualTo(401);
      }
      var answer = alone.post("/login", "token=" + DashboardScene.ANNA, Map.of());
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).contains("60");
    }
  }

  @Test
  void whatIsNotThereIsSaidToBeSo() throws Exception {
    assertThat(served.get("/none", Map.of()).statusCode()).isEqualTo(404);
    assertThat(served.get("/assets/..%2Fsecret", Map.of()).statusCode()).isEqualTo(404);
    assertThat(served.get("/%ff", Map.of()).statusCode()).isEqualTo(400);
    assertThat(served.post("/", "", Map.of()).statusCode()).isEqualTo(405);
    assertThat(served.post("/login", "token=" + "x".repeat(70_000), Map.of()).statusCode())
        .isEqualTo(400);
    assertThat(as(DashboardScene.ADMIN, "/mounts/ml/training-data/files?path=none").statusCode())
        .isEqualTo(404);
  }

  private HttpResponse<String> as(String token, String path) throws Exception {
    return served.get(path, Map.of("Authorization", "Bearer " + token));
  }
}
