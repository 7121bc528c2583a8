package io.ossmount.cache.serve;

import io.ossmount.fuse.kernel.SeenTask;
import io.ossmount.proto.session.v1.PluginFeature;
import io.ossmount.proto.session.v1.ThreadsAnswer;
import io.ossmount.proto.session.v1.Welcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks the node plugin about processes, for all sessions of this process, which does not see them:
 * the numbers in requests are those of the node. What is not answered in time is in doubt, and an
 * older plugin is not asked. Thread-safe.
 */
final class PluginProcesses {
  private static final int ANSWER_MILLIS = 1_000;

  private final PluginLink plugin;
  private final PluginSender sender;
  private final int answerMillis;
  private final AtomicLong requests = new AtomicLong();
  private final Silence silence = new Silence(System::nanoTime);
  private final Map<Long, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

  /** The plugin at the other end answers. */
  private volatile boolean isAnswered;

  PluginProcesses(PluginLink plugin, PluginSender sender) {
    this(plugin, sender, ANSWER_MILLIS);
  }

  PluginProcesses(PluginLink plugin, PluginSender sender, int answerMillis) {
    this.plugin = plugin;
    this.sender = sender;
    this.answerMillis = answerMillis;
  }

  /** Those that use a session. */
  Processes of(String session) {
    return (tasks, other) -> isAnswered && silence.mayAsk() && ask(session, tasks, other);
  }

  /** The plugin has said what it does. */
  void welcomed(Welcome welcome) {
    silence.ends();
    isAnswered = welcome.getFeaturesList().contains(PluginFeature.ANSWERS_ASK_THREADS);
  }

  /** The plugin has answered. */
  void answered(ThreadsAnswer answer) {
    silence.ends();
    CompletableFuture<Boolean> asked = waiting.get(answer.getRequest());
    if (asked != null) {
      asked.complete(answer.getAllLiveApart());
    }
  }

  /** Nobody answers any more what was asked; the next plugin may be an older one. */
  void disconnected() {
    isAnswered = false;
    waiting.values().forEach(asked -> asked.complete(false));
  }

  private boolean ask(String session, List<SeenTask> tasks, int other) {
    long number = requests.incrementAndGet();
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    try {
      return sender.submit(() -> send(session, number, tasks, other, answer))
          && answer.get(answerMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      silence.begins();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      waiting.remove(number);
    }
  }

  private void send(
      String session,
      long number,
      List<SeenTask> tasks,
      int other,
      CompletableFuture<Boolean> answer) {
    if (!isAnswered || !plugin.askThreads(session, number, tasks, other)) {
      answer.complete(false);
    }
  }
}
