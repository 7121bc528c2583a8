package io.ossmount.csi.fdstore;

import java.util.concurrent.CompletableFuture;

/** A process that lives until it is told otherwise, or killed. */
final class FakeProcess implements ServerProcess {
  private final int pid;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile boolean killed;
  private volatile boolean unnoticed;

  FakeProcess(int pid) {
    this.pid = pid;
  }

  void die() {
    end.complete(null);
  }

  /** It is dead, and nobody is told. */
  void dieUnnoticed() {
    unnoticed = true;
  }

  boolean isKilled() {
    return killed;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public boolean isAlive() {
    return !unnoticed && !end.isDone();
  }

  @Override
  public CompletableFuture<Void> end() {
    return end;
  }

  @Override
  public boolean kill() {
    boolean isFirst = !killed && isAlive();
    killed = true;
    return isFirst;
  }

  @Override
  public String toString() {
    return "process " + pid;
  }
}
