package io.ossmount.csi.fdstore;

import java.util.concurrent.CompletableFuture;
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
  final Condition changed;

  SessionState state;

  /** Null while {@link SessionState.Unclaimed}. */
  @Nullable Descriptors descriptors;

  /** The end of the process that served it last, and that process; null when none did. */
  @Nullable LastServer lastServer;

  /** Files that the kernel was told of for the pod that serves it; null: none yet. */
  @Nullable BackingLedger backing;

  /** It is being unmounted: no pod is asked to serve it any more. */
  boolean unwanted;

  /** A process that may still read the descriptor. */
  record LastServer(int pid, CompletableFuture<?> end) {}

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
    this.descriptors = descriptors;
  }

  /** What it is for. */
  public SessionInfo info() {
    return info;
  }

  /** {@code major:minor} of its file system in the mount table. */
  public String device() {
    return device;
  }

  void become(SessionState next) {
    state = next;
    changed.signalAll();
  }

  @Override
  public String toString() {
    return info.name();
  }
}
