package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A file system whose process is killed now and then: between two requests, or while OSS is asked
 * for what an fsync waits for, which the next process is then asked again, as by a session's
 * memory.
 */
final class KilledTarget implements Target {
  private final Random random;
  private final List<Opened> open = new ArrayList<>();
  private Mounted mounted;
  private int kills;

  KilledTarget(Mounted first, long seed) {
    this.mounted = first;
    this.random = new Random(seed);
  }

  /** As SIGKILL would: nothing of what comes after it is done. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final class Opened implements OpenFile {
    private Mounted.Open file;

    private Opened(Mounted.Open file) {
      this.file = file;
      open.add(this);
    }

    @Override
    public void write(long offset, byte[] bytes) {
      file.write(offset, bytes);
    }

    @Override
    public byte[] read(long offset, int length) {
      return file.read(offset, length);
    }

    @Override
    public long size() {
      return file.stat().size();
    }

    @Override
    public void truncate(long size) {
      file.truncate(size);
    }

    @Override
    public void fsync() {
      if (random.nextInt(3) == 0) {
        fsyncAndKill();
      }
      file.fsync();
    }

    private void fsyncAndKill() {
      int calls = random.nextInt(3);
      boolean isMade = random.nextBoolean();
      byte[] all = file.readAll();
      int[] count = {0};
      Thread self = Thread.currentThread();
      mounted.store.before((call, key) -> {
        if (Thread.currentThread().equals(self) && count[0]++ == calls) {
          mounted.store.before((_, _) -> {});
          if (isMade && call.equals("put")) {
            mounted.store.with(key, all);
          }
          throw new Killed();
        }
      });
      try {
        file.fsync();
      } catch (Killed e) {
        kill();
      } finally {
        mounted.store.before((_, _) -> {});
      }
    }

    @Override
    public void close() {
      open.remove(this);
      file.close();
    }
  }

  /** Kills the process; the next one goes on. */
  void kill() {
    assertThat(mounted.keptHandles()).isEqualTo(open.size());
    kills++;
    mounted = mounted.next();
    open.forEach(each -> each.file = mounted.again(each.file));
  }

  int kills() {
    return kills;
  }

  /** What is served now. */
  Mounted mounted() {
    return mounted;
  }

  private Target now() {
    return new MountedTarget(mounted);
  }

  @Override
  public OpenFile create(String path) {
    return new Opened(
        mounted.create(
            path,
            io.ossmount.fuse.OpenFlags.READ_WRITE | io.ossmount.fuse.OpenFlags.EXCLUSIVE,
            0644));
  }

  @Override
  public OpenFile open(String path, boolean writing, boolean append, boolean truncate) {
    return new Opened(mounted.open(path, MountedTarget.flags(writing, append, truncate)));
  }

  @Override
  public void truncate(String path, long size) {
    now().truncate(path, size);
  }

  @Override
  public void unlink(String path) {
    now().unlink(path);
  }

  @Override
  public void mkdir(String path) {
    now().mkdir(path);
  }

  @Override
  public void rmdir(String path) {
    now().rmdir(path);
  }

  @Override
  public void rename(String from, String to) {
    now().rename(from, to);
  }

  @Override
  public Set<String> list(String path) {
    return now().list(path);
  }

  @Override
  public byte[] read(String path) {
    return now().read(path);
  }
}
