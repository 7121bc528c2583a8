package io.ossmount.cache.serve;

import io.ossmount.fuse.BackingFiles;
import io.ossmount.fuse.kernel.Descriptor;
import io.ossmount.proto.session.v1.BackingAnswer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has the node plugin name cache files to the kernel, for all sessions of this process: the right
 * to do it is the plugin's. Thread-safe.
 */
final class PluginBacking {
  private final PluginLink plugin;
  private final PluginSender sender;
  private final AtomicLong requests = new AtomicLong();
  private final Silence silence = new Silence(System::nanoTime);

  /** What was asked and not answered; also when nobody waits for it any more. */
  private final Map<Long, Request> waiting = new ConcurrentHashMap<>();

  /**
   * What the kernel has for our sessions: ids that are not closed, or whose closing was not told.
   */
  private final Map<String, KernelIds> ids = new ConcurrentHashMap<>();

  private record Request(String session, CompletableFuture<Integer> answer) {}

  PluginBacking(PluginLink plugin, PluginSender sender) {
    this.plugin = plugin;
    this.sender = sender;
  }

  /** For one session, whose kernel is asked by {@code own} whether it can. */
  BackingFiles of(String session, BackingFiles own) {
    return new BackingFiles() {
      @Override
      public boolean isPossible() {
        return own.isPossible();
      }

      @Override
      public boolean isReachable() {
        return plugin.isConnected() && !silence.lasts();
      }

      @Override
      public int open(Path file) throws IOException {
        return PluginBacking.this.open(session, file);
      }

      @Override
      public List<Integer> inherited() {
        return idsOf(session).inherited();
      }

      @Override
      public void close(int id) {
        PluginBacking.this.close(session, id);
      }
    };
  }

  /** A session comes with ids that earlier servers had opened. */
  void inherit(String session, List<Integer> inherited) {
    ids.put(session, new KernelIds(inherited));
  }

  /** A session is not ours any more. */
  void forget(String session) {
    ids.remove(session);
  }

  /** All ids of a session that the kernel may have. */
  List<Integer> open(String session) {
    return idsOf(session).open();
  }

  /** Of a session that is not ours any more: none, whatever is added. */
  private KernelIds idsOf(String session) {
    return ids.getOrDefault(session, new KernelIds(List.of()));
  }

  /** The plugin has been told of all ids, and is told now which of them are closed. */
  void connected() {
    silence.ends();
    ids.forEach((session, known) -> known.closed().forEach(id -> close(session, id)));
  }

  /** The plugin has answered; an id that comes too late is given back. */
  void answered(BackingAnswer answer) {
    silence.ends();
    Request request = waiting.remove(answer.getRequest());
    if (request == null) {
      return;
    }
    if (answer.hasId()) {
      idsOf(request.session()).opened(answer.getId());
    }
    if (!answer.hasId()) {
      request.answer().completeExceptionally(new IOException(answer.getRefusal()));
    } else if (!request.answer().complete(answer.getId())) {
      close(request.session(), answer.getId());
    }
  }

  /** Nobody answers any more what was asked. */
  void disconnected() {
    waiting.forEach((number, request) -> request.answer().completeExceptionally(away()));
    waiting.clear();
  }

  private int open(String session, Path file) throws IOException {
    if (!silence.mayAsk()) {
      throw new BackingFiles.Away("the plugin did not answer a moment ago");
    }
    long number = requests.incrementAndGet();
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    try (Descriptor opened = Descriptor.openToRead(file)) {
      if (!sender.submit(() -> ask(session, number, opened, answer))) {
        throw new BackingFiles.Away("too many files are being named to the kernel");
      }
      return answer.get(Silence.PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException why ? why : new IOException(e);
    } catch (TimeoutException e) {
      silence.begins();
      return tooLate(session, answer, new BackingFiles.Away("the plugin does not answer"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return tooLate(session, answer, new InterruptedIOException("waiting for the plugin"));
    }
  }

  /** The caller waits no longer: from now on the answer is given back when it comes. */
  private int tooLate(String session, CompletableFuture<Integer> answer, IOException why)
      throws IOException {
    if (!answer.completeExceptionally(why) && !answer.isCompletedExceptionally()) {
      close(session, answer.join());
    }
    throw why;
  }

  private void close(String session, int id) {
    idsOf(session).closing(id);
    boolean _ =
        sender.submit(() -> {
          if (plugin.closeBacking(session, id)) {
            idsOf(session).told(id);
          }
        });
  }

  private void ask(
      String session, long number, Descriptor file, CompletableFuture<Integer> answer) {
    waiting.put(number, new Request(session, answer));
    if (!plugin.openBacking(session, number, file)) {
      waiting.remove(number);
      answer.completeExceptionally(away());
    }
  }

  private static BackingFiles.Away away() {
    return new BackingFiles.Away("the plugin is away");
  }
}
