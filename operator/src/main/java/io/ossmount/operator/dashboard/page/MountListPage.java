package io.ossmount.operator.dashboard.page;

import static io.ossmount.operator.dashboard.page.Tables.Column.number;
import static io.ossmount.operator.dashboard.page.Tables.Column.text;

import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.Condition;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.api.v1alpha1.OssMountStatus.CacheStatus;
import io.ossmount.operator.dashboard.page.Layout.Crumb;
import io.ossmount.operator.dashboard.page.Layout.Visitor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All OssMounts that a user may see. Pure. */
public final class MountListPage {
  private static final String READY = "Ready";
  private static final List<Tables.Column> COLUMNS =
      List.of(
          text("Name"),
          text("Namespace"),
          text("Bucket / directory"),
          text("Ready"),
          text("Reason"),
          number("Nodes"),
          text("Cached"),
          number("Hit %"),
          number("Volumes"));

  private MountListPage() {}

  /** The page. */
  public static Markup of(List<OssMount> mounts, Visitor visitor) {
    var ready = mounts.stream().filter(mount -> isReady(mount)).count();
    return Layout.page(
        "OssMounts",
        visitor,
        List.of(new Crumb("OssMounts", null)),
        Markup.of(
            """
            <div class="headline"><h1>OssMounts</h1>{}</div>
            {}
            """,
            Markup.of(
                "<p class=\"sub\" id=\"summary\" data-live>{} of {} ready</p>",
                ready,
                mounts.size()),
            Markup.of(
                "<section class=\"card\" id=\"mounts\" data-live aria-label=\"OssMounts\">{}</section>",
                Tables.table(
                    "OssMounts that you may see",
                    COLUMNS,
                    mounts.stream().map(MountListPage::row).toList(),
                    "There is no OssMount in the namespaces in which you may get ossmounts."))));
  }

  private static List<Markup> row(OssMount mount) {
    var metadata = mount.getMetadata();
    var status = mount.getStatus();
    var ready = ready(mount);
    return List.of(
        Markup.of(
            "<a href=\"{}\">{}</a>",
            Links.mount(metadata.getNamespace(), metadata.getName()),
            metadata.getName()),
        Markup.text(metadata.getNamespace()),
        source(mount),
        ready
            .map(of -> Tables.badge(of.status().name(), of.status().name()))
            .orElseGet(() -> Tables.badge("Unknown", "Unknown")),
        Markup.text(ready.map(Condition::reason).orElse("Waiting")),
        Markup.text(status == null ? Format.NOTHING : orNothing(status.nodesReady())),
        cached(status == null ? null : status.cache()),
        Markup.text(hit(status == null ? null : status.cache())),
        Markup.text(status == null ? Format.NOTHING : orNothing(status.volumes())));
  }

  static Markup source(OssMount mount) {
    var spec = mount.getSpec();
    return spec.directory().isEmpty()
        ? Markup.of("<span class=\"path\">{}</span>", spec.bucket())
        : Markup.of("<span class=\"path\">{}/<wbr>{}</span>", spec.bucket(), spec.directory());
  }

  static Optional<Condition> ready(OssMount mount) {
    return Optional.ofNullable(mount.getStatus()).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(condition -> condition.type().equals(READY))
        .findFirst();
  }

  static boolean isReady(OssMount mount) {
    return ready(mount).filter(of -> of.status() == Condition.Status.True).isPresent();
  }

  static Markup cached(@Nullable CacheStatus cache) {
    if (cache == null || cache.used() == null || cache.capacity() == null) {
      return Markup.text(Format.NOTHING);
    }
    double used = Quantity.getAmountInBytes(cache.used()).doubleValue();
    double capacity = Quantity.getAmountInBytes(cache.capacity()).doubleValue();
    return Tables.bar(
        capacity == 0 ? 0 : used / capacity, Format.bytes(used) + " of " + Format.bytes(capacity));
  }

  static String hit(@Nullable CacheStatus cache) {
    return cache == null || cache.hitPercent() == null ? Format.NOTHING : cache.hitPercent() + " %";
  }

  static String orNothing(@Nullable Object value) {
    return value == null ? Format.NOTHING : value.toString();
  }
}
