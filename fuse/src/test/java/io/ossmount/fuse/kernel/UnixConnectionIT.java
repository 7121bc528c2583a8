package io.ossmount.fuse.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@SuppressWarnings("try") // closing early is what some tests are about
final class UnixConnectionIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path directory;
  private UnixListener listener;
  private Path path;

  @BeforeEach
  void listen() throws IOException {
    path = directory.resolve("plugin.sock");
    listener = UnixListener.bind(path, PosixFilePermissions.fromString("rw-rw----"));
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void frames_arrive_whole_and_in_order_whatever_their_size() throws Exception {
    try (UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept()) {
      var random = new Random(1);
      int[] sizes = {0, 1, 3, 4, 65_531, 65_532, 65_533, 65_536, UnixConnection.MAX_FRAME_BYTES};
      List<byte[]> payloads =
          Arrays.stream(sizes)
              .mapToObj(size -> {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                return bytes;
              })
              .toList();

      CompletableFuture<Void> sender = onThread(() -> payloads.forEach(p -> send(client, p)));

      for (byte[] payload : payloads) {
        assertThat(server.receive().orElseThrow().payload()).isEqualTo(payload);
      }
      sender.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void descriptors_arrive_with_their_frame_and_name_the_same_file() throws Exception {
    try (UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept();
        Descriptor memfd = SessionMemory.create();
        SessionMemory sent = SessionMemory.map(memfd.duplicate())) {
      sent.nextEpoch();

      client.send("first".getBytes(UTF_8), List.of(memfd, memfd));
      client.send("second".getBytes(UTF_8));

      try (Frame first = server.receive().orElseThrow();
          Frame second = server.receive().orElseThrow()) {
        assertThat(first.payload()).asString(UTF_8).isEqualTo("first");
        assertThat(first.descriptors()).hasSize(2);
        assertThat(second.payload()).asString(UTF_8).isEqualTo("second");
        assertThat(second.descriptors()).isEmpty();
        try (SessionMemory received = SessionMemory.map(first.descriptors().getFirst())) {
          assertThat(received.epoch()).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void descriptors_of_a_refused_frame_are_closed() throws Exception {
    long before = openDescriptors();
    try (UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept();
        Descriptor memfd = SessionMemory.create()) {
      client.send(new byte[] {1}, List.of(memfd));
      client.close();
      assertThat(server.receive()).hasValueSatisfying(Frame::close);
      assertThat(server.receive()).isEmpty();
    }
    // Others of this JVM may have closed some meanwhile.
    await().untilAsserted(() -> assertThat(openDescriptors()).isLessThanOrEqualTo(before));
  }

  @Test
  void the_peer_is_known_by_the_kernels_word() throws Exception {
    try (UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept()) {
      PeerCredentials expected = new PeerCredentials((int) ProcessHandle.current().pid(), 0, 0);

      assertThat(server.peer()).isEqualTo(expected);
      assertThat(client.peer()).isEqualTo(expected);
    }
  }

  @Test
  void close_wakes_who_receives() throws Exception {
    try (UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept()) {
      CompletableFuture<Boolean> received = new CompletableFuture<>();
      Thread receiver =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  received.complete(client.receive().isPresent());
                } catch (IOException e) {
                  received.completeExceptionally(e);
                }
              });
      Thread.sleep(100);

      client.close();

      assertThat(received.get(5, TimeUnit.SECONDS)).isFalse();
      receiver.join(5_000);
      assertThat(server.receive()).isEmpty();
    }
  }

  @Test
  void close_wakes_who_accepts_and_removes_the_file() throws Exception {
    CompletableFuture<Void> accepting = onThread(() -> accept(listener));
    Thread.sleep(100);

    listener.close();

    assertThat(accepting)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withRootCauseInstanceOf(ClosedChannelException.class);
    assertThat(path).doesNotExist();
  }

  @Test
  void a_frame_longer_than_allowed_ends_the_connection() throws Exception {
    try (SocketChannel client = rawClient();
        UnixConnection server = listener.accept()) {
      client.write(ByteBuffer.allocate(4).putInt(UnixConnection.MAX_FRAME_BYTES + 1).flip());

      assertThatThrownBy(server::receive).isInstanceOf(IOException.class);
      assertThat(server.isClosed()).isTrue();
    }
  }

  @Test
  void a_negative_length_and_a_cut_frame_are_errors() throws Exception {
    try (SocketChannel client = rawClient();
        UnixConnection server = listener.accept()) {
      client.write(ByteBuffer.allocate(4).putInt(-1).flip());
      assertThatThrownBy(server::receive).hasMessageContaining("4294967295");
    }
    try (SocketChannel client = rawClient();
        UnixConnection server = listener.accept()) {
      client.write(ByteBuffer.allocate(6).putInt(10).put((byte) 1).flip());
      client.close();
      assertThatThrownBy(server::receive).hasMessageContaining("middle");
    }
  }

  @Test
  void a_peer_that_reads_nothing_ends_the_connection_for_all_who_send() throws Exception {
    try (UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = listener.accept()) {
      byte[] longer = new byte[UnixConnection.MAX_FRAME_BYTES];
      CompletableFuture<Void> first = onThread(() -> send(client, longer));
      CompletableFuture<Void> second = onThread(() -> send(client, longer));

      assertThat(first).failsWithin(SOON);
      assertThat(second).failsWithin(SOON);
      assertThat(client.isClosed()).isTrue();
      assertThat(client.receive()).isEmpty();
      assertThatThrownBy(server::receive).hasMessageContaining("middle");
    }
  }

  @Test
  void a_virtual_thread_may_not_wait_in_the_kernel() throws Exception {
    CompletableFuture<Void> attempt = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            listener.accept().close();
            attempt.complete(null);
          } catch (IOException | RuntimeException e) {
            attempt.completeExceptionally(e);
          }
        });

    assertThat(attempt)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withMessageContaining("platform thread");
  }

  @Test
  void a_socket_left_by_an_earlier_process_is_replaced() throws Exception {
    try (UnixListener second =
            UnixListener.bind(path, PosixFilePermissions.fromString("rw-------"));
        UnixConnection client = UnixConnection.connect(path);
        UnixConnection server = second.accept()) {
      client.send(new byte[] {7});
      assertThat(server.receive().orElseThrow().payload()).containsExactly(7);
      assertThat(Files.getPosixFilePermissions(path))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  private SocketChannel rawClient() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(path));
    return channel;
  }

  private static void send(UnixConnection connection, byte[] payload) {
    try {
      connection.send(payload);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void accept(UnixListener listener) {
    try {
      listener.accept().close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static CompletableFuture<Void> onThread(Runnable work) {
    return CompletableFuture.runAsync(work, task -> Thread.ofPlatform().daemon().start(task));
  }

  private static long openDescriptors() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }
}
