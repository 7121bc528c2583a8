package io.ossmount.chaos.fault;

import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.scene.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.util.SplittableRandom;

/** The blocks, not what waits to be uploaded: that is nowhere else. */
public final class CacheDeleted implements Fault<Scene> {
  /** The server puts files into it meanwhile. */
  private static final int TRIES = 10;

  @Override
  public boolean deletesFiles() {
    return true;
  }

  @Override
  public Outcome inject(Scene scene, SplittableRandom random, Moment moment)
      throws IOException, InterruptedException {
    var blocks = scene.blocks();
    moment.now();
    for (int i = 0; i < TRIES && Files.exists(blocks); i++) {
      Trees.delete(blocks);
    }
    return new Outcome.Happened(0);
  }
}
