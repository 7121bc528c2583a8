package io.ossmount.cache;

import io.ossmount.cache.block.BlockMemory;
import io.ossmount.cache.memory.MemoryPlan;
import io.ossmount.cache.supervise.Supervised;
import io.ossmount.fuse.server.FuseServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the rooms what the plan has for them. */
final class Memory {
  private static final Logger log = LoggerFactory.getLogger(Memory.class);

  private Memory() {}

  /** The plan for this process, which the log shows. */
  static MemoryPlan plan() {
    MemoryPlan plan = MemoryPlan.ofThisProcess(Supervised.ofThisProcess().othersBytes());
    log.info("{}", plan);
    plan.warning().ifPresent(log::warn);
    return plan;
  }

  static BlockMemory ofBlocks(MemoryPlan plan) {
    return new BlockMemory(plan.gets(), plan.memoryBlocks(), plan.versions());
  }

  static FuseServer.Options ofServer(MemoryPlan plan) {
    return FuseServer.Options.defaults().withAnswerBytes(plan.answerBytes());
  }
}
