package io.ossmount.csi.fdstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.csi.fdstore.SessionState.Asked;
import io.ossmount.csi.fdstore.SessionState.NotServing;
import io.ossmount.csi.fdstore.SessionState.Over;
import io.ossmount.csi.fdstore.SessionState.Serving;
import io.ossmount.csi.fdstore.SessionState.Unserved;
import io.ossmount.fuse.kernel.SessionMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Cache pods that connect, claim, hang, leave and die at random, and a plugin that is restarted in
 * between: a session never has two living servers, and is never lost. The descriptors are only
 * memory.
 */
final class RandomServersIT {
  private static final int STEPS = 120;
  private static final int SESSIONS = 3;
  private static final String UID = "u-1";

  /** What a process believes: it reads the descriptors of these sessions. */
  private static final class Server {
    final FakeProcess process;
    final Set<String> reads = new HashSet<>();
    FakePod pod;
    boolean connected;
    int seen;

    Server(FakePod pod) {
      this.pod = pod;
      this.process = pod.process();
    }
  }

  /** One node, played by a random number generator. */
  private static final class Node implements AutoCloseable {
    final Random random;
    final AtomicLong now = new AtomicLong();
    final List<Server> living = new ArrayList<>();
    final Map<String, Session> sessions = new HashMap<>();
    final FakeStandIns standIns = new FakeStandIns();
    FdStore store = newStore();
    int pids;

    Node(long seed) {
      random = new Random(seed);
    }

    private FdStore newStore() {
      return new FdStore(this::held, now::get, standIns);
    }

    private Set<String> held(Set<String> devices, Set<Integer> besides) {
      return devices.stream()
          .filter(device -> mayBeHeld(device, besides))
          .collect(Collectors.toSet());
    }

    private boolean mayBeHeld(String device, Set<Integer> besides) {
      String name = "s-" + device.substring(2);
      return living.stream()
          .anyMatch(p -> p.reads.contains(name) && !besides.contains(p.process.pid()));
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0 -> add();
        case 1, 2 -> start();
        case 3 -> any().ifPresent(this::die);
        case 4 -> any().ifPresent(this::breakConnection);
        case 5, 6 -> any().ifPresent(this::reconnect);
        case 7, 8 -> any().ifPresent(this::answer);
        case 9 -> any().ifPresent(this::leave);
        case 10 -> pass(random.nextInt(40));
        default -> {
          if (random.nextInt(8) == 0) {
            restartPlugin();
          }
        }
      }
      // Before they do what they were told to: the stand-in has ended by then.
      assertNobodyReadsWhatIsGiven();
      living.forEach(this::read);
      assertAtMostOneServer();
      assertOrphansHaveAStandIn();
    }

    private void assertNobodyReadsWhatIsGiven() {
      sessions.forEach((name, session) -> {
        if (!(store.state(session) instanceof Unserved)) {
          assertThat(standIns.reads(name)).as("stand-in of " + name).isFalse();
        }
      });
    }

    private Optional<Server> any() {
      return living.isEmpty()
          ? Optional.empty()
          : Optional.of(living.get(random.nextInt(living.size())));
    }

    private void add() {
      for (int i = 0; i < SESSIONS; i++) {
        if (!sessions.containsKey("s-" + i)) {
          var info = FdStoreIT.info("s-" + i, UID);
          sessions.put("s-" + i, store.add(info, "0:" + i, descriptors()));
          return;
        }
      }
    }

    private void start() {
      if (living.size() < 4) {
        var process = new Server(new FakePod(store, UID, ++pids).thatAnswersPings());
        living.add(process);
        connect(process);
      }
    }

    private void connect(Server process) {
      process.connected = true;
      process.seen = 0;
      var held = new HashMap<String, Descriptors>();
      process.reads.forEach(name -> held.put(name, descriptors()));
      process.pod.connect(held);
    }

    /** The process reads what it was sent, in order, and does it. */
    private void read(Server process) {
      var frames = process.pod.received();
      for (; process.connected && process.seen < frames.size(); process.seen++) {
        var words = frames.get(process.seen).split(" ", -1);
        switch (words[0]) {
          case "serve" -> process.reads.add(words[1]);
          case "forget" -> process.reads.remove(words[1]);
          case "release" -> {
            if (process.reads.remove(words[1])) {
              store.handedOver(process.pod, words[1]);
            }
          }
          default -> throw new AssertionError(words[0]);
        }
      }
    }

    private void die(Server process) {
      living.remove(process);
      boolean endComesFirst = random.nextBoolean();
      if (endComesFirst) {
        process.process.die();
      }
      if (process.connected) {
        process.pod.disconnect();
      }
      process.process.die();
    }

    private void breakConnection(Server process) {
      if (process.connected) {
        process.connected = false;
        process.pod.disconnect();
      }
    }

    private void reconnect(Server process) {
      if (!process.connected) {
        process.pod = process.pod.again();
        connect(process);
      }
    }

    private void answer(Server process) {
      if (process.connected) {
        for (var name : process.reads) {
          if (random.nextInt(4) == 0) {
            store.notServing(process.pod, name, "Busy", "");
          } else {
            store.serving(process.pod, name);
          }
        }
      }
    }

    private void leave(Server process) {
      if (process.connected) {
        store.leaving(process.pod);
      }
    }

    private void pass(int seconds) {
      for (int i = 0; i < seconds; i++) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        store.tick();
      }
    }

    private void restartPlugin() {
      living.forEach(process -> process.connected = false);
      store.close();
      store = newStore();
      living.forEach(process -> process.pod = process.pod.to(store));
      sessions.replaceAll((name, session) -> store.adopt(session.info(), session.device()));
    }

    private void assertAtMostOneServer() {
      for (var name : sessions.keySet()) {
        long readers = living.stream().filter(process -> process.reads.contains(name)).count();
        assertThat(readers + (standIns.reads(name) ? 1 : 0))
            .as("readers of " + name)
            .isLessThanOrEqualTo(1);
      }
    }

    /** A session whose server is dead and that nobody was asked to serve is not left alone. */
    private void assertOrphansHaveAStandIn() {
      sessions.forEach((name, session) -> {
        boolean isOrphan =
            store.state(session) instanceof Unserved
                && session.holder != null
                && !session.holder.isAlive();
        assertThat(standIns.reads(name)).as("stand-in of " + name).isEqualTo(isOrphan);
      });
    }

    /** All old processes end, and one new comes: it gets all that can be served. */
    void assertNothingIsLost() {
      var ownedByLiving = new HashSet<String>();
      living.forEach(process -> ownedByLiving.addAll(process.reads));
      List.copyOf(living).forEach(this::reconnect);
      living.forEach(this::read);
      pass(1);
      List.copyOf(living).forEach(this::die);
      start();
      living.forEach(this::read);
      pass(10);
      var last = living.getFirst();
      sessions.forEach((name, session) -> {
        var state = store.state(session);
        if (state instanceof Over) {
          assertThat(ownedByLiving).as(name).doesNotContain(name);
        } else {
          assertThat(state).as(name).isInstanceOfAny(Asked.class, Serving.class, NotServing.class);
          assertThat(last.reads).as(name).contains(name);
        }
      });
    }

    private static Descriptors descriptors() {
      try {
        return new Descriptors(SessionMemory.create(), SessionMemory.create());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      store.close();
    }
  }

  @Property(tries = 300)
  void a_session_has_one_server_at_a_time_and_is_never_lost(@ForAll long seed) {
    try (var node = new Node(seed)) {
      for (int i = 0; i < STEPS; i++) {
        node.step();
      }
      node.assertNothingIsLost();
    }
  }

  @Example
  void without_a_pod_sessions_wait() {
    try (var node = new Node(1)) {
      node.add();
      assertThat(node.store.state(Objects.requireNonNull(node.sessions.get("s-0"))))
          .isEqualTo(new Unserved());
    }
  }
}
