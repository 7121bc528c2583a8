package io.ossmount.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ossmount.fuse.protocol.ProtocolServer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class AnswerRoomsTest {
  private final AnswerRooms rooms = new AnswerRooms(0);

  @Test
  void a_room_is_large_enough_and_its_payload_begins_on_a_page() {
    for (int bytes : new int[] {16, ProtocolServer.MIN_ROOM, 100_000, ProtocolServer.MAX_ROOM}) {
      AnswerRoom room = Objects.requireNonNull(rooms.tryTake(bytes));
      assertThat(room.memory().byteSize()).isGreaterThanOrEqualTo(bytes);
      assertThat((room.memory().address() + 16) % 4096).isZero();
      rooms.release(room);
    }
    assertThatThrownBy(() -> rooms.tryTake(ProtocolServer.MAX_ROOM + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void their_number_is_bounded_and_who_waits_gets_the_next_free_one() throws Exception {
    AnswerRoom only = rooms.take(ProtocolServer.MAX_ROOM);
    assertThat(rooms.tryTake(ProtocolServer.MAX_ROOM)).isNull();
    CompletableFuture<AnswerRoom> next = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            next.complete(rooms.take(ProtocolServer.MAX_ROOM));
          } catch (InterruptedException e) {
            next.completeExceptionally(e);
          }
        });

    rooms.release(only);

    assertThat(next.get(5, TimeUnit.SECONDS)).isSameAs(only);
  }
}
