package io.ossmount.operator.report;

import java.util.List;
import java.util.Optional;

/** Tells how the nested mounts are doing, all together. */
final class MountsFinding {
  private MountsFinding() {}

  /** The condition MountsReady; empty when there are no nested mounts. */
  static Optional<Finding> of(List<NestedMountState> mounts) {
    if (mounts.isEmpty()) {
      return Optional.empty();
    }
    var broken = mounts.stream().filter(NestedMountState::isBroken).findFirst();
    if (broken.isPresent()) {
      return Optional.of(
          Finding.no(
              Reasons.MOUNTS_READY, broken.get().ready().reason(), broken(mounts).orElse("")));
    }
    var unknown = mounts.stream().filter(mount -> !mount.isReady()).findFirst();
    return Optional.of(
        unknown
            .map(mount ->
                Finding.unknown(
                    Reasons.MOUNTS_READY,
                    mount.ready().reason(),
                    "nested mount %s: %s".formatted(mount.mount().path(), mount.ready().message())))
            .orElseGet(() ->
                Finding.yes(
                    Reasons.MOUNTS_READY,
                    Reasons.REACHABLE,
                    "%d of %<d nested mounts work".formatted(mounts.size()))));
  }

  /** Which are broken, such as 1 of 3 nested mounts is broken: labels (AccessDenied). */
  static Optional<String> broken(List<NestedMountState> mounts) {
    var names =
        mounts.stream()
            .filter(NestedMountState::isBroken)
            .map(mount -> "%s (%s)".formatted(mount.mount().path(), mount.ready().reason()))
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%d of %d nested mounts %s broken: %s"
                .formatted(
                    names.size(),
                    mounts.size(),
                    names.size() == 1 ? "is" : "are",
                    Names.some(names)));
  }
}
