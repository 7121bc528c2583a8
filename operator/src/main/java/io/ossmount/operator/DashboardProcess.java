package io.ossmount.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.ossmount.operator.control.GrpcControlClient;
import io.ossmount.operator.control.StatusPoller;
import io.ossmount.operator.dashboard.access.KubernetesReviews;
import io.ossmount.operator.dashboard.history.History;
import io.ossmount.operator.dashboard.server.Dashboard;
import io.ossmount.operator.dashboard.server.Sources;
import io.ossmount.operator.dashboard.source.KubernetesReader;
import io.ossmount.operator.observe.MountSight;
import io.ossmount.operator.tls.Authority;
import io.ossmount.operator.tls.ServingKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dashboard as a part of the operator, which goes on without it if it cannot be served. */
final class DashboardProcess {
  private static final Logger LOG = LoggerFactory.getLogger(DashboardProcess.class);
  private static final String SERVICE = "ossmount-dashboard";

  private DashboardProcess() {}

  /** Serves it, if it is wanted. */
  static Optional<Dashboard> start(
      OperatorConfiguration configuration,
      KubernetesClient client,
      Authority authority,
      StatusPoller poller,
      GrpcControlClient control,
      Supplier<Optional<MountSight>> sight,
      Clock clock) {
    var settings = configuration.dashboard();
    if (!settings.enabled()) {
      return Optional.empty();
    }
    try {
      var history = new History();
      poller.traffic(history);
      var keys =
          settings.tls() == null
              ? ServingKeys.issued(authority, names(configuration.namespace()), clock)
              : ServingKeys.files(settings.tls(), clock);
      var dashboard =
          Dashboard.start(
              new InetSocketAddress(settings.port()),
              keys.context(),
              new Sources(sight, poller::address, control, history, new KubernetesReader(client)),
              new KubernetesReviews(client),
              clock);
      LOG.info("The dashboard is served on port {}", dashboard.port());
      return Optional.of(dashboard);
    } catch (IOException | GeneralSecurityException e) {
      LOG.error("The dashboard cannot be served; the operator goes on without it", e);
      return Optional.empty();
    }
  }

  /** By which browsers come: the Service, and the near end of a port-forward. */
  private static List<String> names(String namespace) {
    var service = SERVICE + "." + namespace;
    return List.of("localhost", SERVICE, service, service + ".svc", service + ".svc.cluster.local");
  }
}
