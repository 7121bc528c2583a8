package io.ossmount.operator.dashboard.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTest {
  @Test
  void pathAndParametersAreDecoded() throws Request.Malformed {
    var request = get("/mounts/ml/a%2Fb", "path=a%20b%2Fc&page=1+2&path=second&empty");
    assertThat(request.path()).containsExactly("mounts", "ml", "a/b");
    assertThat(request.query())
        .containsEntry("path", "a b/c")
        .containsEntry("page", "1 2")
        .containsEntry("empty", "");
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (var path : List.of("/%", "/%4", "/%zz", "/%ff", "/ä")) {
      assertThatExceptionOfType(Request.Malformed.class).isThrownBy(() -> get(path, null));
    }
    assertThatExceptionOfType(Request.Malformed.class)
        .isThrownBy(() -> get("/", "a=1&".repeat(40)));
  }

  @Test
  void tokensAndCookiesAreFound() throws Request.Malformed {
    var request =
        with(Map.of("authorization", "bearer  abc ", "cookie", "a=1; __Host-ossmount=x=y"));
    assertThat(request.bearer()).contains("abc");
    assertThat(request.cookie(Gate.COOKIE)).contains("x=y");
    assertThat(request.cookie("b")).isEmpty();
    assertThat(with(Map.of("authorization", "Basic abc")).bearer()).isEmpty();
  }

  @Test
  void formsOfOtherSitesAreForeign() throws Request.Malformed {
    assertThat(with(Map.of("sec-fetch-site", "cross-site")).isForeign()).isTrue();
    assertThat(with(Map.of("sec-fetch-site", "same-site")).isForeign()).isTrue();
    assertThat(with(Map.of("origin", "https://evil", "host", "localhost:1")).isForeign()).isTrue();
    assertThat(with(Map.of("origin", "null", "host", "localhost:1")).isForeign()).isTrue();
    assertThat(with(Map.of("sec-fetch-site", "same-origin")).isForeign()).isFalse();
    assertThat(with(Map.of("origin", "https://localhost:1", "host", "localhost:1")).isForeign())
        .isFalse();
    assertThat(with(Map.of()).isForeign()).isFalse();
  }

  @Test
  void theTableTellsPagesOtherMethodsAndNothingApart() {
    var routes =
        new Routes(
            List.of(
                new Routes.Route("GET", List.of(), (_, _) -> Response.seeOther("/")),
                new Routes.Route(
                    "GET", List.of("m", Routes.ANY, "f"), (_, _) -> Response.seeOther("/"))));
    assertThat(routes.of("GET", List.of())).isInstanceOf(Routes.Meaning.Page.class);
    assertThat(routes.of("HEAD", List.of("m", "x", "f")))
        .isInstanceOfSatisfying(
            Routes.Meaning.Page.class, page -> assertThat(page.variables()).containsExactly("x"));
    assertThat(routes.of("POST", List.of())).isInstanceOf(Routes.Meaning.OtherMethod.class);
    assertThat(routes.of("GET", List.of("m"))).isInstanceOf(Routes.Meaning.Nothing.class);
  }

  private static Request get(String path, @org.jspecify.annotations.Nullable String query)
      throws Request.Malformed {
    return Request.of("GET", path, query, "", Map.of(), "127.0.0.1");
  }

  private static Request with(Map<String, String> headers) throws Request.Malformed {
    return Request.of("POST", "/login", null, "", headers, "127.0.0.1");
  }
}
