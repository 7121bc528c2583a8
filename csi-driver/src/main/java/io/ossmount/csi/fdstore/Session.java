package io.ossmount.csi.fdstore;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * One FUSE connection of this node. Handed out as a handle: everything that changes is guarded by
 * the lock of the {@link FdStore}.
 */
public final class Session {
  private final SessionInfo info;
  private final String device;

  /** Signalled with every change of {@link #state}. */
  private final Condition changed;

  SessionState state;

  /** When it became so, in nanoseconds. */
  long since;

  /** A pod has served it, as far as this process knows. */
  boolean wasServed;

  /** When it was served last, in nanoseconds; only for one that was served and is not. */
  long servedUntil;

  /** When an earlier plugin gave it up; only of one that this one has found in the mount table. */
  Optional<Instant> aborted = Optional.empty();

  /** Null while {@link SessionState.Unclaimed}. */
  @Nullable Descriptors descriptors;

  /** Files that the kernel was told of; null without descriptors. */
  @Nullable BackingLedger backing;

  /** The last process that was given the descriptor, dead or alive: no other one while it lives. */
  @Nullable ServerProcess holder;

  /** The holder answers Ping, and did not say that it leaves: its silence means that it hangs. */
  boolean holderHasToAnswer;

  /** The holder has said that it has the descriptor, and not that it lets go of it. */
  boolean holderKeepsIt;

  /** Reads the descriptor while there is no server: at most one of both. */
  StandInOffice.@Nullable Begun standIn;

  /** Nobody could stand in when it was tried last, which was told of. */
  boolean lacksStandIn;

  /** It is being unmounted: no pod is asked to serve it any more. */
  boolean unwanted;

  Session(
      SessionInfo info,
      String device,
      Condition changed,
      SessionState state,
      @Nullable Descriptors descriptors) {
    this.info = info;
    this.device = device;
    this.changed = changed;
    this.state = state;
    own(descriptors);
  }

  /** What it is for. */
  public SessionInfo info() {
    return info;
  }

  /** {@code major:minor} of its file system in the mount table. */
  public String device() {
    return device;
  }

  Condition changed() {
    return changed;
  }

  void own(@Nullable Descriptors given) {
    descriptors = given;
    backing = given == null ? null : new BackingLedger(given.fuse());
  }

  /** How many files its kernel was told of. */
  int backingIds() {
    return backing == null ? 0 : backing.size();
  }

  /** Whoever may read the descriptor from now on, the stand-in has stopped before. */
  void become(SessionState next, long now) {
    endStandIn();
    if (state instanceof SessionState.Serving) {
      servedUntil = now;
    }
    wasServed |= next instanceof SessionState.Serving;
    state = next;
    since = now;
    if (next instanceof SessionState.Over && backing != null) {
      backing.closeAll();
    }
    changed.signalAll();
  }

  /** This process did nothing for so long: the waiting begins anew, or does not count. */
  void stoodStill(long now, long nanos) {
    since = now;
    servedUntil += nanos;
  }

  private void endStandIn() {
    var ending = standIn;
    standIn = null;
    if (ending != null) {
      ending.end();
    }
  }

  /** Whether the server that it had is dead, and nobody else was asked. */
  boolean hasLostItsServer() {
    return state instanceof SessionState.Unserved && holder != null && !holder.isAlive();
  }

  /** Whether nobody reads the descriptor, nor will before somebody is asked: a stand-in may. */
  boolean isOrphaned() {
    return hasLostItsServer() && standIn == null && descriptors != null;
  }

  /**
   * Whether those who use it wait for a server. Nobody uses one that was never served; of one that
   * nobody has claimed it is not known.
   */
  boolean isOut() {
    return wasServed
        && switch (state) {
          case SessionState.Unserved _, SessionState.Asked _, SessionState.NotServing _ -> true;
          case SessionState.Serving _, SessionState.Unclaimed _, SessionState.Over _ -> false;
        };
  }

  /**
   * Whether the mount is in use, and ends with this process. A pod that was asked and has not
   * answered may not have the descriptor yet.
   */
  boolean isHeldHereAlone() {
    boolean isHeldBesides = holderKeepsIt && holder != null && holder.isAlive();
    return wasServed
        && !unwanted
        && descriptors != null
        && !(state instanceof SessionState.Over)
        && !isHeldBesides;
  }

  boolean isWith(PodLink pod) {
    return state.pod().filter(pod::equals).isPresent();
  }

  boolean isOf(String ossMountUid) {
    return info.key().ossMountUid().equals(ossMountUid);
  }

  /** Whether a process other than this one may read the descriptor. */
  boolean isHeldBesides(ServerProcess process) {
    return holder != null && !holder.equals(process) && holder.isAlive();
  }

  @Override
  public String toString() {
    return info.name();
  }
}
