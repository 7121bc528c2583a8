package io.ossmount.operator.dashboard.server;

import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import io.ossmount.operator.control.DirectoryAnswer;
import io.ossmount.operator.dashboard.access.Access;
import io.ossmount.operator.dashboard.access.Viewer;
import io.ossmount.operator.dashboard.page.FilesPage;
import io.ossmount.operator.dashboard.page.Layout;
import io.ossmount.operator.dashboard.page.Layout.Visitor;
import io.ossmount.operator.dashboard.page.MountDetail;
import io.ossmount.operator.dashboard.page.MountListPage;
import io.ossmount.operator.dashboard.page.MountPage;
import io.ossmount.operator.observe.MountSight;
import io.ossmount.operator.observe.ObservedVolume;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Collects what a page shows, as far as its viewer may see it. Safe for use by many threads. */
final class Pages {
  private static final int PAGE_ENTRIES = 500;
  private static final Duration STEP = Duration.ofMinutes(1);

  private final Sources sources;
  private final Access access;
  private final Clock clock;

  Pages(Sources sources, Access access, Clock clock) {
    this.sources = sources;
    this.access = access;
    this.clock = clock;
  }

  Response list(Request request, List<String> variables, Viewer viewer, Visitor visitor) {
    return withSight(
        visitor,
        sight -> {
          var mounts = sight.mounts();
          var namespaces =
              access.seen(
                  viewer,
                  mounts.stream()
                      .map(mount -> mount.getMetadata().getNamespace())
                      .collect(Collectors.toUnmodifiableSet()));
          return Response.html(
              Response.OK,
              MountListPage.of(
                  mounts.stream()
                      .filter(mount -> namespaces.contains(mount.getMetadata().getNamespace()))
                      .toList(),
                  visitor));
        });
  }

  Response mount(Request request, List<String> variables, Viewer viewer, Visitor visitor) {
    return withMount(
        variables,
        viewer,
        visitor,
        (sight, mount) ->
            Response.html(Response.OK, MountPage.of(detail(sight, mount, viewer), visitor)));
  }

  private MountDetail detail(MountSight sight, OssMount mount, Viewer viewer) {
    var now = clock.instant();
    var uid = mount.getMetadata().getUid();
    return new MountDetail(
        mount,
        sight.volumes(mount).stream().map(volume -> volume(volume, viewer)).toList(),
        sources.history().of(uid, now, STEP),
        sources.history().since(uid).orElse(null),
        sources.history().uploads(uid, now),
        sources.surroundings().tests(mount).orElse(null),
        sources.surroundings().events(mount).orElse(null),
        now);
  }

  /** Whose claim it is, is told to who may see its namespace. */
  private MountDetail.Volume volume(ObservedVolume volume, Viewer viewer) {
    var claim = volume.claim();
    return new MountDetail.Volume(
        volume.name(),
        claim == null
            ? null
            : access.sees(viewer, claim.namespace())
                ? claim.namespace() + "/" + claim.name()
                : "in another namespace",
        volume.nodes().stream().sorted().toList());
  }

  Response files(Request request, List<String> variables, Viewer viewer, Visitor visitor) {
    return withMount(variables, viewer, visitor, (_, mount) -> files(request, mount, visitor));
  }

  private Response files(Request request, OssMount mount, Visitor visitor) {
    var pods = mount.getStatus() == null ? List.<CachePod>of() : mount.getStatus().cachePods();
    var node = request.query().getOrDefault("node", "");
    var pod = pods.stream().filter(each -> node.isEmpty() || each.node().equals(node)).findFirst();
    if (pod.isEmpty()) {
      return problem(
          Response.NOT_FOUND, "No cache pod", "There is no cache pod to ask for files.", visitor);
    }
    var path = request.query().getOrDefault("path", "");
    var token = request.query().getOrDefault("page", "");
    var answer =
        sources
            .addresses()
            .of(mount.getMetadata().getUid(), Objects.requireNonNullElse(pod.get().uid(), ""))
            .map(address -> sources.directories().list(address, path, token, PAGE_ENTRIES))
            .orElseGet(() -> new DirectoryAnswer.Failed("it does not run"));
    return Response.html(
        answer instanceof DirectoryAnswer.Missing ? Response.NOT_FOUND : Response.OK,
        FilesPage.of(
            new FilesPage.Directory(
                mount.getMetadata().getNamespace(),
                mount.getMetadata().getName(),
                pod.get().node(),
                pods.stream().map(CachePod::node).toList(),
                path,
                token.isEmpty(),
                answer),
            visitor));
  }

  private interface OfMount {
    Response answer(MountSight sight, OssMount mount);
  }

  /** What a viewer may not see is not there. */
  private Response withMount(List<String> variables, Viewer viewer, Visitor visitor, OfMount page) {
    return withSight(
        visitor,
        sight -> {
          var namespace = variables.getFirst();
          var mount =
              access.sees(viewer, namespace)
                  ? sight.mount(namespace, variables.getLast())
                  : Optional.<OssMount>empty();
          return mount
              .map(there -> page.answer(sight, there))
              .orElseGet(() ->
                  problem(
                      Response.NOT_FOUND,
                      "Not found",
                      "There is no such OssMount, or you may not get it.",
                      visitor));
        });
  }

  private Response withSight(Visitor visitor, Function<MountSight, Response> page) {
    return sources
        .sight()
        .get()
        .map(page)
        .orElseGet(() ->
            problem(
                    Response.UNAVAILABLE,
                    "Not yet",
                    "The operator has just started. Try again in some seconds.",
                    visitor)
                .with("Retry-After", "5"));
  }

  private static Response problem(int status, String title, String what, Visitor visitor) {
    return Response.html(status, Layout.problem(title, what, visitor));
  }
}
