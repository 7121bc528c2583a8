package io.ossmount.csi.heal;

/** Keeps others from a mount point of the plugin's own namespace while it is changed. */
@FunctionalInterface
public interface TargetGuard {
  /** Holds it until the result is closed. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes hold of a mount point.
   *
   * @throws io.ossmount.csi.volume.VolumeException.Busy someone else has it, and goes on having it
   */
  Hold hold(String target) throws InterruptedException;
}
