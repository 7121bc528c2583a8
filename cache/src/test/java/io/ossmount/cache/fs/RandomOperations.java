package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Random operations on files and directories, done to a target and to a model in memory at the same
 * time: each succeeds on both or on none, and every byte and name that is read is the model's. In
 * the manner of fsx, with names as well.
 */
final class RandomOperations {
  private static final int MAX_FILE_BYTES = 400_000;
  private static final int MAX_OPEN = 8;
  private static final int COMPARE_EVERY = 2_000;

  private final Random random;
  private final Target target;
  private final NavigableMap<String, Optional<ModelFile>> model = new TreeMap<>();
  private final List<OpenPair> open = new ArrayList<>();
  private final Deque<String> history = new ArrayDeque<>();

  private static final class ModelFile {
    byte[] bytes = new byte[0];

    void write(int offset, byte[] from) {
      if (offset + from.length > bytes.length) {
        bytes = Arrays.copyOf(bytes, offset + from.length);
      }
      System.arraycopy(from, 0, bytes, offset, from.length);
    }
  }

  private record OpenPair(
      ModelFile model, Target.OpenFile target, boolean writing, boolean append) {}

  RandomOperations(long seed, Target target) {
    this.random = new Random(seed);
    this.target = target;
  }

  void run(int operations) {
    for (int i = 1; i <= operations; i++) {
      try {
        step();
        if (i % COMPARE_EVERY == 0) {
          compare(target);
        }
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("operation " + i + " after\n" + String.join("\n", history), e);
      }
    }
  }

  private void note(String operation) {
    history.add(operation);
    if (history.size() > 40) {
      history.remove();
    }
  }

  private void step() {
    int choice = random.nextInt(100);
    if (choice < 12) {
      create();
    } else if (choice < 20) {
      openFile();
    } else if (choice < 45) {
      write();
    } else if (choice < 55) {
      read();
    } else if (choice < 60) {
      truncate();
    } else if (choice < 63) {
      fsync();
    } else if (choice < 73) {
      close();
    } else if (choice < 79) {
      unlink();
    } else if (choice < 84) {
      mkdir();
    } else if (choice < 88) {
      rmdir();
    } else if (choice < 94) {
      rename();
    } else if (choice < 97) {
      list();
    } else {
      readWhole();
    }
  }

  /** A path that is there, or one that may be. */
  private String path() {
    if (!model.isEmpty() && random.nextInt(3) > 0) {
      return List.copyOf(model.keySet()).get(random.nextInt(model.size()));
    }
    List<String> directories = new ArrayList<>(List.of(""));
    model.forEach((path, file) -> addIf(file.isEmpty(), directories, path + "/"));
    String[] names = {"a", "b", "c", "a-b", "ab", "data.bin", "x%y", "\u00e9\ud83d\ude00"};
    String directory = directories.get(random.nextInt(directories.size()));
    boolean deep = directory.chars().filter(c -> c == '/').count() > 3;
    return (deep ? "" : directory) + names[random.nextInt(names.length)];
  }

  private static void addIf(boolean condition, List<String> list, String value) {
    if (condition) {
      list.add(value);
    }
  }

  private static String parent(String path) {
    return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
  }

  private boolean isDirectory(String path) {
    return path.isEmpty() || (model.containsKey(path) && !isFile(path));
  }

  private boolean isFile(String path) {
    return model.getOrDefault(path, Optional.empty()).isPresent();
  }

  private ModelFile file(String path) {
    return model.getOrDefault(path, Optional.empty()).orElseThrow();
  }

  private boolean isFree(String path) {
    return !model.containsKey(path) && isDirectory(parent(path));
  }

  private boolean isEmptyDirectory(String path) {
    return isDirectory(path) && below(path).isEmpty();
  }

  private NavigableMap<String, Optional<ModelFile>> below(String path) {
    return model.subMap(path + "/", false, path + "0", false);
  }

  /** Does something that is to succeed, or to fail, on the target. */
  private boolean agree(boolean succeeds, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (succeeds) {
        throw e;
      }
      return false;
    }
    assertThat(succeeds).as("the target did what cannot be done").isTrue();
    return true;
  }

  private void create() {
    String path = path();
    note("create " + path);
    boolean free = isFree(path);
    Target.OpenFile[] opened = new Target.OpenFile[1];
    if (agree(free, () -> opened[0] = target.create(path))) {
      ModelFile file = new ModelFile();
      model.put(path, Optional.of(file));
      add(new OpenPair(file, opened[0], true, false));
    }
  }

  private void add(OpenPair pair) {
    open.add(pair);
    if (open.size() > MAX_OPEN) {
      close();
    }
  }

  private void openFile() {
    String path = path();
    boolean writing = random.nextInt(4) > 0;
    boolean append = writing && random.nextInt(3) == 0;
    boolean truncate = writing && !append && random.nextInt(4) == 0;
    note("open %s writing=%s append=%s truncate=%s".formatted(path, writing, append, truncate));
    Target.OpenFile[] opened = new Target.OpenFile[1];
    if (agree(isFile(path), () -> opened[0] = target.open(path, writing, append, truncate))) {
      ModelFile file = file(path);
      if (truncate) {
        file.bytes = new byte[0];
      }
      add(new OpenPair(file, opened[0], writing, append));
    }
  }

  private Optional<OpenPair> anyOpen(boolean writing) {
    List<OpenPair> fitting = open.stream().filter(pair -> pair.writing || !writing).toList();
    return fitting.isEmpty()
        ? Optional.empty()
        : Optional.of(fitting.get(random.nextInt(fitting.size())));
  }

  private void write() {
    anyOpen(true).ifPresent(this::write);
  }

  private void write(OpenPair pair) {
    int most = random.nextInt(20) == 0 ? 150_000 : 4_000;
    byte[] bytes = new byte[1 + random.nextInt(most)];
    random.nextBytes(bytes);
    int size = pair.model.bytes.length;
    int anywhere = random.nextInt(Math.min(MAX_FILE_BYTES, size + 5_000) + 1);
    int offset = pair.append || random.nextBoolean() ? size : anywhere;
    if (offset + bytes.length > MAX_FILE_BYTES) {
      return;
    }
    note("write %d bytes at %d of %d%s".formatted(bytes.length, offset, size, hint(pair)));
    pair.target.write(offset, bytes);
    pair.model.write(offset, bytes);
  }

  private String hint(OpenPair pair) {
    return " of file " + System.identityHashCode(pair.model) + (pair.append ? " (append)" : "");
  }

  private void read() {
    anyOpen(false).ifPresent(this::read);
  }

  private void read(OpenPair pair) {
    int size = pair.model.bytes.length;
    int offset = random.nextInt(size + 100);
    int length = 1 + random.nextInt(20_000);
    note("read %d bytes at %d of %d%s".formatted(length, offset, size, hint(pair)));
    int end = Math.min(size, offset + length);
    byte[] expected =
        offset >= end ? new byte[0] : Arrays.copyOfRange(pair.model.bytes, offset, end);
    same(pair.target.read(offset, length), expected);
    assertThat(pair.target.size()).isEqualTo(size);
  }

  private static void same(byte[] actual, byte[] expected) {
    int difference = Arrays.mismatch(actual, expected);
    assertThat(difference)
        .as("first wrong byte, of %d and %d", actual.length, expected.length)
        .isEqualTo(-1);
  }

  private void truncate() {
    if (random.nextBoolean()) {
      anyOpen(true).ifPresent(this::truncate);
      return;
    }
    String path = path();
    int size = isFile(path) ? size(file(path)) : 0;
    note("truncate %s to %d".formatted(path, size));
    if (agree(isFile(path), () -> target.truncate(path, size))) {
      ModelFile file = file(path);
      file.bytes = Arrays.copyOf(file.bytes, size);
    }
  }

  private int size(ModelFile file) {
    return random.nextInt(5) == 0
        ? 0
        : random.nextInt(Math.min(MAX_FILE_BYTES, file.bytes.length + 5_000) + 1);
  }

  private void truncate(OpenPair pair) {
    int size = size(pair.model);
    note("ftruncate from %d to %d%s".formatted(pair.model.bytes.length, size, hint(pair)));
    pair.target.truncate(size);
    pair.model.bytes = Arrays.copyOf(pair.model.bytes, size);
  }

  private void fsync() {
    anyOpen(true)
        .ifPresent(pair -> {
          note("fsync" + hint(pair));
          pair.target.fsync();
        });
  }

  private void close() {
    if (!open.isEmpty()) {
      OpenPair pair = open.remove(random.nextInt(open.size()));
      note("close" + hint(pair));
      pair.target.close();
    }
  }

  /** Closes what is open. */
  void closeAll() {
    open.forEach(pair -> pair.target.close());
    open.clear();
  }

  private void unlink() {
    String path = path();
    note("unlink " + path);
    if (agree(isFile(path), () -> target.unlink(path))) {
      model.remove(path);
    }
  }

  private void mkdir() {
    String path = path();
    note("mkdir " + path);
    if (agree(isFree(path), () -> target.mkdir(path))) {
      model.put(path, Optional.empty());
    }
  }

  private void rmdir() {
    String path = path();
    note("rmdir " + path);
    if (agree(isEmptyDirectory(path) && model.containsKey(path), () -> target.rmdir(path))) {
      model.remove(path);
    }
  }

  private void rename() {
    String from = path();
    String to = path();
    note("rename %s to %s".formatted(from, to));
    if (agree(canRename(from, to), () -> target.rename(from, to)) && !from.equals(to)) {
      NavigableMap<String, Optional<ModelFile>> moved = new TreeMap<>(below(from));
      Optional<ModelFile> top = model.getOrDefault(from, Optional.empty());
      model.remove(from);
      model.keySet().removeAll(moved.keySet());
      model.put(to, top);
      moved.forEach((path, file) -> model.put(to + path.substring(from.length()), file));
    }
  }

  private boolean canRename(String from, String to) {
    if (!model.containsKey(from) || !isDirectory(parent(to))) {
      return false;
    }
    if (from.equals(to)) {
      return true;
    }
    if (isFile(from)) {
      return !isDirectory(to);
    }
    return !to.startsWith(from + "/") && !isFile(to) && (isFree(to) || isEmptyDirectory(to));
  }

  private void list() {
    String path = path();
    note("list " + path);
    if (isDirectory(path)) {
      assertThat(target.list(path)).isEqualTo(names(path));
    }
  }

  private Set<String> names(String directory) {
    Set<String> names = new TreeSet<>();
    model.forEach((path, file) -> {
      if (parent(path).equals(directory)) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        names.add(file.isPresent() ? name : name + "/");
      }
    });
    return names;
  }

  private void readWhole() {
    String path = path();
    note("read all of " + path);
    byte[][] read = new byte[1][];
    if (agree(isFile(path), () -> read[0] = target.read(path))) {
      same(read[0], file(path).bytes);
    }
  }

  /** Every name and every byte of a target is the model's. */
  void compare(Target other) {
    assertThat(other.list("")).isEqualTo(names(""));
    model.forEach((path, file) -> {
      if (file.isPresent()) {
        same(other.read(path), file.get().bytes);
      } else {
        assertThat(other.list(path)).as(path).isEqualTo(names(path));
      }
    });
  }
}
