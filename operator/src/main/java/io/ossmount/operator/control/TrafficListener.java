package io.ossmount.operator.control;

import java.time.Instant;

/** Is told what cache pods say of their traffic. Must not block; called by many threads. */
public interface TrafficListener {
  /** Listens to nothing. */
  TrafficListener NONE =
      new TrafficListener() {
        @Override
        public void told(String mountUid, PodAddress pod, Instant when, PodTraffic traffic) {}

        @Override
        public void forgotten(String mountUid) {}
      };

  /** A pod of an OssMount has answered. */
  void told(String mountUid, PodAddress pod, Instant when, PodTraffic traffic);

  /** An OssMount has no pod any more. */
  void forgotten(String mountUid);
}
