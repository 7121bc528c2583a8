package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.kernel.SessionMemory;
import io.ossmount.fuse.protocol.InHeader;
import io.ossmount.fuse.protocol.Opcode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Requests that come and go at random while there is no server, in a real session's memory. */
final class KeptRequestsIT {
  private static final int STEPS = 700;
  private static final int ROOMS = SessionMemory.BUFFERS + SessionMemory.SLOTS;

  @Property(tries = 20)
  void what_is_kept_is_there_for_the_next_server_and_nothing_else(@ForAll long seed)
      throws IOException {
    Random random = new Random(seed);
    double writes = random.nextDouble() / 4;
    double ends = random.nextDouble() / 2;
    StandInTotals totals = new StandInTotals();
    Set<Long> expected = new HashSet<>();
    try (SessionMemory memory = SessionMemory.map(SessionMemory.create())) {
      KeptRequests kept = new KeptRequests(memory, totals);
      for (int step = 1; step <= STEPS; step++) {
        if (!expected.isEmpty() && random.nextDouble() < ends) {
          long unique = List.copyOf(expected).get(random.nextInt(expected.size()));
          kept.release(kept.find(unique).orElseThrow());
          expected.remove(unique);
        } else if (kept.hasRoom()) {
          boolean isWrite = random.nextDouble() < writes;
          keep(kept, isWrite ? Opcode.WRITE : Opcode.LOOKUP, step, 100 + random.nextInt(100));
          expected.add((long) step);
        } else {
          assertThat(kept.takeBuffer()).isEqualTo(RequestRooms.NONE);
        }
        assertThat(kept.count()).isEqualTo(expected.size()).isLessThanOrEqualTo(ROOMS);
      }
      kept.leave();

      assertThat(left(memory)).isEqualTo(expected);
      assertThat(totals.hasBuffers()).isTrue();
    }
  }

  private static void keep(KeptRequests kept, Opcode opcode, long unique, int length) {
    int room = kept.takeBuffer();
    assertThat(RequestRooms.isBuffer(room)).isTrue();
    new InHeader(length, opcode.code(), unique, 1, 0, 0, 0, 0).encode(kept.memory(room));
    kept.keep(room, length);
  }

  /** As the next server finds them. */
  private static Set<Long> left(SessionMemory memory) throws IOException {
    Set<Long> left = new HashSet<>();
    RequestRooms rooms = new RequestRooms(memory);
    for (int room = rooms.takeOccupied(0);
        room != RequestRooms.NONE;
        room = rooms.takeOccupied(room + 1)) {
      InHeader header = InHeader.decode(rooms.memory(room));
      assertThat(header.len()).isBetween(100, 200);
      assertThat(left.add(header.unique())).as("once").isTrue();
    }
    return left;
  }
}
