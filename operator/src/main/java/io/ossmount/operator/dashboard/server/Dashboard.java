package io.ossmount.operator.dashboard.server;

import static io.ossmount.operator.dashboard.server.Routes.ANY;

import io.ossmount.operator.dashboard.access.Access;
import io.ossmount.operator.dashboard.access.FailureLimit;
import io.ossmount.operator.dashboard.access.Reviews;
import io.ossmount.operator.dashboard.access.Sessions;
import io.ossmount.operator.dashboard.page.Links;
import io.ossmount.operator.dashboard.server.Routes.Route;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;

/** The dashboard, put together. */
public final class Dashboard implements AutoCloseable {
  private final DashboardServer server;

  private Dashboard(DashboardServer server) {
    this.server = server;
  }

  /**
   * Serves at once.
   *
   * @param address port 0: any that is free
   * @param reviews who a user is, and what they may see
   * @throws IOException the port cannot be had
   */
  public static Dashboard start(
      InetSocketAddress address, SSLContext tls, Sources sources, Reviews reviews, Clock clock)
      throws IOException {
    var access = new Access(reviews, clock);
    var gate = new Gate(access, new Sessions(clock), new FailureLimit(clock));
    return new Dashboard(
        new DashboardServer(address, tls, routes(gate, new Pages(sources, access, clock))));
  }

  static Routes routes(Gate gate, Pages pages) {
    var get = "GET";
    var post = "POST";
    return new Routes(
        List.of(
            new Route(get, List.of(), gate.guard(pages::list)),
            new Route(get, List.of(Links.MOUNTS, ANY, ANY), gate.guard(pages::mount)),
            new Route(get, List.of(Links.MOUNTS, ANY, ANY, Links.FILES), gate.guard(pages::files)),
            new Route(get, List.of("login"), gate::form),
            new Route(post, List.of("login"), gate::begin),
            new Route(post, List.of("logout"), gate::end),
            new Route(get, List.of("assets", ANY), new Assets()::answer)));
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
