package io.ossmount.csi.node;

import io.ossmount.csi.cluster.Cluster;
import io.ossmount.csi.fdstore.FdStore;
import io.ossmount.csi.fdstore.Session;
import io.ossmount.csi.fdstore.SessionState;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.volume.Deadline;
import io.ossmount.csi.volume.MountOptions.Flag;
import io.ossmount.csi.volume.MountReference;
import io.ossmount.csi.volume.Publication.Files;
import io.ossmount.csi.volume.SessionKey;
import io.ossmount.csi.volume.VolumeException.NodeFault;
import io.ossmount.csi.volume.VolumeException.NotFound;
import io.ossmount.csi.volume.VolumeException.PublishedOtherwise;
import io.ossmount.csi.volume.VolumeException.Unavailable;
import io.ossmount.fuse.kernel.BindMount;
import io.ossmount.fuse.kernel.MountEntry;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the files of an OssMount:
 *
 * <ol>
 *   <li>what is mounted at the target already decides whether there is anything to do;
 *   <li>the session of (volume, group, options) is joined, or made: {@code /dev/fuse} opened and
 *       mounted in the driver's own directory, its descriptors offered to the node's cache pod;
 *   <li>the call waits until the cache pod serves it;
 *   <li>the session is bound to the target.
 * </ol>
 *
 * <p>When the cache pod does not serve it in time, the call says why, in the pod's own words or
 * those of the OssMount's Ready condition, and kubelet calls again.
 */
final class FilesPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(FilesPublisher.class);

  /** Kubelet gives two minutes; what is left is for the answer and for undoing. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(100);

  private static final int MARGIN_PARTS = 10;
  private static final Duration LONGEST_MARGIN = Duration.ofSeconds(10);

  /** How often a session that ends before it is bound is made anew. */
  private static final int MOST_SESSIONS = 3;

  private final Cluster cluster;
  private final Mounter mounter;
  private final FdStore store;
  private final SessionMounts sessions;
  private final Targets targets;

  FilesPublisher(
      Cluster cluster, Mounter mounter, FdStore store, SessionMounts sessions, Targets targets) {
    this.cluster = cluster;
    this.mounter = mounter;
    this.store = store;
    this.sessions = sessions;
    this.targets = targets;
  }

  /** Publishes; the caller holds the target. */
  void publish(Files files, Deadline deadline) throws InterruptedException {
    if (isPublished(files)) {
      return;
    }
    var key = key(files);
    var margin = deadline.remaining().dividedBy(MARGIN_PARTS);
    var until =
        deadline
            .minus(margin.compareTo(LONGEST_MARGIN) > 0 ? LONGEST_MARGIN : margin)
            .atMost(LONGEST_WAIT);
    var state = publishOnce(files, key, until);
    for (int attempt = 1; attempt < MOST_SESSIONS && state instanceof Over; attempt++) {
      state = publishOnce(files, key, until);
    }
    if (!(state instanceof Serving)) {
      throw new Unavailable(whyNot(files.mount(), state));
    }
  }

  private SessionState publishOnce(Files files, SessionKey key, Deadline until)
      throws InterruptedException {
    var session = sessions.acquire(key, files.mount().label(), until);
    var bound = false;
    try {
      var state = sessions.awaitServed(session, until);
      if (state instanceof Serving) {
        bind(session, files);
        bound = true;
      }
      return state;
    } finally {
      if (bound) {
        sessions.release(session);
      } else {
        sessions.giveUp(session);
      }
    }
  }

  /** The bind has what the request asks for; the session, also what the OssMount says. */
  private void bind(Session session, Files files) throws InterruptedException {
    targets.create(files.target(), mounter.mounts());
    mounter.bind(sessions.directory(session), files.target().path(), options(files));
  }

  private static BindMount.Options options(Files files) {
    return new BindMount.Options(files.readOnly(), isExecutable(files), false);
  }

  private boolean isPublished(Files files) throws InterruptedException {
    var mounted = mounter.mounts().at(files.target().path());
    if (mounted.isEmpty()) {
      return false;
    }
    var mount = mounted.get();
    if (!mount.isFuse()) {
      throw new PublishedOtherwise("something else is mounted at " + files.target());
    }
    var session = store.findOrLeaveAlone(mount.device());
    if (session.isEmpty() || store.state(session.get()) instanceof Over) {
      LOG.info("what is mounted at {} is dead and is replaced", files.target());
      if (!mounter.unmount(files.target().path(), Deadline.after(LONGEST_MARGIN))) {
        throw new NodeFault("the dead mount at " + files.target() + " cannot be unmounted");
      }
      return false;
    }
    var key = session.get().info().key();
    if (key.serves(files) && isHalfMade(mount, key, files)) {
      LOG.info(
          "what is mounted at {} was not given its options, and gets them now", files.target());
      mounter.restrict(files.target().path(), options(files));
      return true;
    }
    if (!key.serves(files) || !isAsAsked(mount, files)) {
      throw new PublishedOtherwise(
          "volume "
              + key.volume()
              + " is published at "
              + files.target()
              + " with another group or other options");
    }
    return true;
  }

  private static boolean isAsAsked(MountEntry mount, Files files) {
    return mount.options().contains("ro") == files.readOnly()
        && mount.options().contains("noexec") != isExecutable(files);
  }

  /**
   * Whether a plugin was killed between the two steps of a bind, on a kernel that needs two: it
   * allows what the request does not, and nothing that the session forbids has to be allowed. What
   * is asked to be read-only has a read-only session from the start.
   */
  private static boolean isHalfMade(MountEntry mount, SessionKey key, Files files) {
    boolean isReadOnly = mount.options().contains("ro");
    boolean isExecutable = !mount.options().contains("noexec");
    boolean lacksReadOnly = files.readOnly() && !isReadOnly;
    boolean lacksNoExec = !isExecutable(files) && isExecutable;
    boolean mayBe =
        (lacksReadOnly ? key.readOnly() : isReadOnly == files.readOnly())
            && (lacksNoExec || isExecutable == isExecutable(files));
    return mayBe && (lacksReadOnly || lacksNoExec);
  }

  private static boolean isExecutable(Files files) {
    return !files.options().flags().contains(Flag.NOEXEC);
  }

  private SessionKey key(Files files) {
    var reference = files.mount();
    try {
      var ossMount =
          cluster
              .ossMount(reference.namespace(), reference.name())
              .orElseThrow(
                  () -> new NotFound("there is no OssMount " + reference.label() + " any more"));
      var uid = ossMount.getMetadata().getUid();
      if (!reference.uid().orElse(uid).equals(uid)) {
        throw new NotFound(
            "OssMount "
                + reference.label()
                + " is not the one that the volume was made for, which was deleted; make the claim"
                + " anew");
      }
      return SessionKey.of(files, uid, files.readOnly() || ossMount.getSpec().readOnly());
    } catch (Unavailable e) {
      // Mounts go on without the API server. The cache pod keeps a read-only OssMount read-only.
      LOG.warn("publishing without the OssMount: {}", e.getMessage());
      return SessionKey.of(files, reference.uid().orElseThrow(() -> e), files.readOnly());
    }
  }

  private String whyNot(MountReference reference, SessionState state) {
    return switch (state) {
      case SessionState.NotServing(var pod, var reason, var message) ->
          "OssMount %s: %s: %s (cache pod %s)"
              .formatted(reference.label(), reason, message, pod.label());
      case SessionState.Asked(var pod) -> "cache pod " + pod.label() + " has not answered yet";
      case SessionState.Unserved _, SessionState.Unclaimed _ ->
          "OssMount " + reference.label() + " has no cache pod on this node yet" + ready(reference);
      case Over _, Serving _ ->
          "the mount of OssMount " + reference.label() + " ended while it was made";
    };
  }

  private String ready(MountReference reference) {
    try {
      return cluster
          .ossMount(reference.namespace(), reference.name())
          .map(ReadyCondition::of)
          .orElse("");
    } catch (Unavailable e) {
      return "; " + e.getMessage();
    }
  }
}
