package io.ossmount.operator.dashboard.server;

import io.ossmount.operator.dashboard.access.Access;
import io.ossmount.operator.dashboard.access.FailureLimit;
import io.ossmount.operator.dashboard.access.Sessions;
import io.ossmount.operator.dashboard.access.Sessions.Session;
import io.ossmount.operator.dashboard.access.Viewer;
import io.ossmount.operator.dashboard.page.Layout;
import io.ossmount.operator.dashboard.page.Layout.Visitor;
import io.ossmount.operator.dashboard.page.Links;
import io.ossmount.operator.dashboard.page.LoginPage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who shows a token of the cluster: with each request, or once in a form, for a session.
 * Safe for use by many threads.
 */
final class Gate {
  /** The prefix has browsers take it over TLS only, from this host only, for all paths. */
  static final String COOKIE = "__Host-ossmount";

  private static final String WRONG = "Kubernetes does not know this token, or it has run out.";
  private static final String TOO_MANY = "Too many wrong tokens: wait a minute, then try again.";

  private final Access access;
  private final Sessions sessions;
  private final FailureLimit failures;

  Gate(Access access, Sessions sessions, FailureLimit failures) {
    this.access = access;
    this.sessions = sessions;
    this.failures = failures;
  }

  /** A page for somebody. */
  @FunctionalInterface
  interface Inside {
    /** The answer. */
    Response answer(Request request, List<String> variables, Viewer viewer, Visitor visitor);
  }

  /** The page, for those who may come in. */
  Routes.Handler guard(Inside page) {
    return (request, variables) -> {
      var bearer = request.bearer();
      var session =
          bearer.isPresent()
              ? Optional.<Session>empty()
              : request.cookie(COOKIE).flatMap(sessions::find);
      var token = bearer.or(() -> session.map(Session::token));
      if (token.isEmpty()) {
        return login(null);
      }
      if (bearer.isPresent() && failures.isReached(request.address())) {
        return tooMany();
      }
      var viewer = access.viewer(token.get());
      if (viewer.isEmpty()) {
        if (bearer.isPresent()) {
          failures.failed(request.address());
        }
        session.ifPresent(over -> sessions.end(over.id()));
        return login(WRONG);
      }
      var visitor = new Visitor(viewer.get().name(), session.map(Session::formToken).orElse(null));
      return page.answer(request, variables, viewer.get(), visitor);
    };
  }

  /** The form. */
  Response form(Request request, List<String> variables) {
    return Response.html(Response.OK, LoginPage.of(null));
  }

  /** Takes what came by the form. */
  Response begin(Request request, List<String> variables) {
    if (request.isForeign()) {
      return foreign();
    }
    if (failures.isReached(request.address())) {
      return tooMany();
    }
    var token = request.form().getOrDefault("token", "").strip();
    if (access.viewer(token).isEmpty()) {
      failures.failed(request.address());
      return login(WRONG);
    }
    return Response.seeOther(Links.HOME)
        .with("Set-Cookie", cookie(sessions.begin(token).id(), Sessions.LIFE.toSeconds()));
  }

  /** Ends the session that the form belongs to. */
  Response end(Request request, List<String> variables) {
    var session = request.cookie(COOKIE).flatMap(sessions::find);
    boolean isOurs =
        session
            .filter(own -> own.formToken().equals(request.form().getOrDefault("form", "")))
            .isPresent();
    if (request.isForeign() || (session.isPresent() && !isOurs)) {
      return foreign();
    }
    session.ifPresent(over -> sessions.end(over.id()));
    return Response.seeOther(Links.LOGIN).with("Set-Cookie", cookie("", 0));
  }

  private static Response login(@Nullable String problem) {
    return Response.html(Response.UNAUTHORIZED, LoginPage.of(problem))
        .with("WWW-Authenticate", "Bearer realm=\"kubernetes\"");
  }

  private static Response tooMany() {
    return Response.html(Response.TOO_MANY, LoginPage.of(TOO_MANY)).with("Retry-After", "60");
  }

  private static Response foreign() {
    return Response.html(
        Response.FORBIDDEN,
        Layout.problem("Refused", "The form does not come from a page of this dashboard.", null));
  }

  private static String cookie(String value, long seconds) {
    return "%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=Strict"
        .formatted(COOKIE, value, seconds);
  }
}
