package io.ossmount.operator.dashboard.page;

import static io.ossmount.operator.dashboard.page.Tables.Column.number;
import static io.ossmount.operator.dashboard.page.Tables.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountSpec;
import io.ossmount.api.v1alpha1.OssMountStatus;
import io.ossmount.api.v1alpha1.OssMountStatus.CachePod;
import io.ossmount.operator.dashboard.page.Layout.Crumb;
import io.ossmount.operator.dashboard.page.Layout.Visitor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One OssMount. Pure. */
public final class MountPage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MountPage() {}

  /** The page. */
  public static Markup of(MountDetail detail, Visitor visitor) {
    var name = detail.mount().getMetadata().getName();
    var status = Optional.ofNullable(detail.mount().getStatus());
    var tree = JSON.valueToTree(Objects.requireNonNullElse(detail.mount().getStatus(), ""));
    return Layout.page(
        name,
        visitor,
        List.of(
            new Crumb("OssMounts", Links.HOME),
            new Crumb(detail.mount().getMetadata().getNamespace() + "/" + name, null)),
        Markup.all(
            List.of(
                head(detail),
                Plots.of(detail.past(), detail.since()),
                conditions(status, detail.now()),
                cachePods(detail, status),
                volumes(detail),
                nested(tree),
                Activity.uploads(detail.uploads()),
                Activity.tests(detail.tests(), detail.now()),
                Activity.events(detail.events(), detail.now()),
                configuration(detail, tree))));
  }

  private static Markup head(MountDetail detail) {
    var mount = detail.mount();
    var ready = MountListPage.ready(mount);
    var cache = Optional.ofNullable(mount.getStatus()).map(OssMountStatus::cache).orElse(null);
    return Markup.of(
        """
        <section id="summary" data-live aria-labelledby="name">
        <div class="headline"><h1 id="name">{}</h1>{}</div>
        <p class="sub">{}</p>
        <dl class="facts card">
        <div><dt>Bucket / directory</dt><dd>{}</dd></div>
        <div><dt>Endpoint</dt><dd class="path">{}</dd></div>
        <div><dt>Access</dt><dd>{}</dd></div>
        <div><dt>Nodes</dt><dd>{}</dd></div>
        <div><dt>Volumes</dt><dd>{}</dd></div>
        <div><dt>Cached</dt><dd>{}</dd></div>
        <div><dt>From the cache</dt><dd>{}</dd></div>
        </dl>
        </section>
        """,
        mount.getMetadata().getName(),
        ready
            .map(of -> Tables.badge(of.status().name(), of.reason()))
            .orElseGet(() -> Tables.badge("Unknown", "Waiting")),
        ready.map(Condition::message).orElse("The operator has not seen it yet."),
        MountListPage.source(mount),
        endpoint(mount),
        mount.getSpec().readOnly() ? "read only" : "read and write",
        Optional.ofNullable(mount.getStatus())
            .map(OssMountStatus::nodesReady)
            .orElse(Format.NOTHING),
        detail.volumes().size(),
        MountListPage.cached(cache),
        MountListPage.hit(cache));
  }

  /** As it is in effect: the spec may leave it to the defaults of the cluster. */
  private static String endpoint(OssMount mount) {
    return Optional.ofNullable(mount.getStatus())
        .map(OssMountStatus::effective)
        .map(OssMountSpec::endpoint)
        .or(() -> Optional.ofNullable(mount.getSpec().endpoint()))
        .orElse(Format.NOTHING);
  }

  private static Markup conditions(Optional<OssMountStatus> status, Instant now) {
    return Tables.section(
        "conditions",
        "Conditions",
        Tables.table(
            "Conditions",
            List.of(
                text("Condition"), text("Status"), text("Reason"), text("Message"), text("Since")),
            status.map(OssMountStatus::conditions).orElse(List.of()).stream()
                .map(condition ->
                    List.of(
                        Markup.text(condition.type()),
                        condition(condition),
                        Markup.text(condition.reason()),
                        Markup.text(condition.message()),
                        Format.age(condition.lastTransitionTime(), now)))
                .toList(),
            "The operator has not seen it yet."));
  }

  /** UpdatePending is good when it is False. */
  private static Markup condition(Condition condition) {
    var status = condition.status().name();
    boolean isUsualWhenFalse = condition.type().endsWith("Pending");
    return Tables.badge(
        isUsualWhenFalse ? (status.equals("False") ? "True" : "Unknown") : status, status);
  }

  private static Markup cachePods(MountDetail detail, Optional<OssMountStatus> status) {
    var metadata = detail.mount().getMetadata();
    return Tables.section(
        "pods",
        "Nodes and cache pods",
        Tables.table(
            "Cache pods",
            List.of(
                text("Node"),
                text("Pod"),
                text("Ready"),
                number("Sessions"),
                number("Cached"),
                text("Files")),
            status.map(OssMountStatus::cachePods).orElse(List.of()).stream()
                .map(pod -> row(metadata.getNamespace(), metadata.getName(), pod))
                .toList(),
            "There is no cache pod."));
  }

  private static List<Markup> row(String namespace, String name, CachePod pod) {
    boolean isReady = Boolean.TRUE.equals(pod.ready());
    return List.of(
        Markup.text(pod.node()),
        Markup.text(MountListPage.orNothing(pod.name())),
        isReady ? Tables.badge("True", "True") : Tables.badge("False", "False"),
        Markup.text(MountListPage.orNothing(pod.sessions())),
        Markup.text(Format.bytes(pod.used())),
        Markup.of(
            "<a href=\"{}\">Browse<span class=\"hidden\"> the files as {} has them</span></a>",
            Links.files(namespace, name, pod.node(), "", ""),
            pod.node()));
  }

  private static Markup volumes(MountDetail detail) {
    return Tables.section(
        "volumes",
        "Volumes",
        Tables.table(
            "Volumes",
            List.of(text("PersistentVolume"), text("Claim"), text("In use on")),
            detail.volumes().stream()
                .map(volume ->
                    List.of(
                        Markup.text(volume.name()),
                        Markup.text(MountListPage.orNothing(volume.claim())),
                        Markup.text(
                            volume.nodes().isEmpty()
                                ? Format.NOTHING
                                : String.join(", ", volume.nodes()))))
                .toList(),
            "No PersistentVolume uses it."));
  }

  /** Shown when the status tells of them. */
  private static Markup nested(JsonNode status) {
    var mounts = status.path("mounts");
    if (!mounts.isArray() || mounts.isEmpty()) {
      return Markup.NONE;
    }
    return Tables.section("nested", "Nested mounts", settings(mounts));
  }

  /** What the operator says is in force; else what the user wrote, with the defaults. */
  private static Markup configuration(MountDetail detail, JsonNode status) {
    var effective = status.path("effective");
    return effective.isObject() && !effective.isEmpty()
        ? Tables.section("configuration", "Effective configuration", settings(effective))
        : Tables.section(
            "configuration", "Configuration", settings(JSON.valueToTree(detail.mount().getSpec())));
  }

  private static Markup settings(JsonNode tree) {
    return Markup.of(
        "<dl class=\"settings\">{}</dl>",
        Markup.all(
            Settings.of(tree).stream()
                .map(setting ->
                    Markup.of(
                        "<div><dt><code>{}</code></dt><dd>{}</dd></div>",
                        setting.path(),
                        setting.value()))
                .toList()));
  }
}
