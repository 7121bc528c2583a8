package io.ossmount.cache.write;

import io.ossmount.cache.store.ObjectVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of the staging files, and the bytes that they may take together. Thread-safe.
 *
 * <p>Beside each staging file is its journal. A file that a killed process left behind is an orphan
 * until somebody goes on with it, as it was after the last change that was answered ({@link
 * #resume}), or sets it aside: then it is neither uploaded, which could put half a file over a
 * whole one, nor deleted, but kept in the directory {@value #ASIDE} for {@link #ASIDE_DAYS} days,
 * and the log names it. So is a file whose journal cannot be read.
 */
public final class StagingArea {
  /** Below the staging directory: what could not be uploaded. */
  public static final String ASIDE = "aside";

  /** How long that is kept. */
  public static final int ASIDE_DAYS = 7;

  private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);

  private final Path directory;
  private final AsideFiles aside;
  private final StagingBudget budget;
  private final StagingNames names = new StagingNames();
  private final Map<String, StagingJournal> orphans = new ConcurrentHashMap<>();
  private final Set<StagingJournal> live = ConcurrentHashMap.newKeySet();
  private final Set<StagingJournal> leftUploads = ConcurrentHashMap.newKeySet();

  private long setAsideAtOpen;

  private StagingArea(Path directory, StagingBudget budget) {
    this.directory = directory;
    this.aside = new AsideFiles(directory.resolve(ASIDE), ASIDE_DAYS);
    this.budget = budget;
  }

  /**
   * Opens the area. What an earlier process left are orphans now; but what it meant for another
   * bucket or directory is set aside.
   *
   * @param budget bytes that it shares with other areas
   * @param target where all of it goes
   */
  public static StagingArea open(Path directory, StagingBudget budget, StagingTarget target) {
    return open(directory, budget, Optional.of(target));
  }

  /**
   * Opens an area of its own, of which nobody says where its files go: they are taken as they are.
   *
   * @param capacityBytes most that staging files take together
   */
  public static StagingArea open(Path directory, long capacityBytes) {
    return open(directory, new StagingBudget(capacityBytes), Optional.empty());
  }

  private static StagingArea open(
      Path directory, StagingBudget budget, Optional<StagingTarget> target) {
    StagingArea area = new StagingArea(directory, budget);
    try {
      area.aside.begin();
      long before = area.aside.count();
      if (target.isPresent()) {
        area.belongTo(target.get());
      }
      BootMarker boot = new BootMarker(directory);
      area.findOrphans(boot.isFromBefore());
      if (boot.isFromBefore()) {
        area.setAsideUnsynced();
      }
      boot.write();
      area.setAsideAtOpen = Math.max(0, area.aside.count() - before);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return area;
  }

  /** Files that {@link #open} has set aside, because they are not to be uploaded. */
  public long setAsideAtOpen() {
    return setAsideAtOpen;
  }

  /** What is another's goes aside before anybody takes it for this one's. */
  private void belongTo(StagingTarget target) throws IOException {
    TargetMarker marker = new TargetMarker(directory);
    Optional<StagingTarget> other = marker.read().filter(before -> !before.isSame(target));
    if (other.isPresent()) {
      setAsideAll(other.get(), target);
    }
    marker.write(target);
  }

  /** With the journals: moved back, the files are what they were. */
  private void setAsideAll(StagingTarget other, StagingTarget target) throws IOException {
    long before = aside.count();
    for (Path file : files()) {
      if (file.getFileName().toString().endsWith(StagingJournal.ANEW)) {
        Files.delete(file);
      } else {
        aside.take(file);
      }
    }
    aside.force();
    Durability.force(directory);
    long count = aside.count() - before;
    if (count > 0) {
      LOG.error(
          "{} files were written for {}, and {} is served here now: they are not uploaded, but kept"
              + " for {} days in {}. To upload them, serve {} here again, move them with their"
              + " journals from there to {}, and restart the cache process",
          count,
          other,
          target,
          ASIDE_DAYS,
          aside.directory(),
          other,
          directory);
    }
  }

  private void findOrphans(boolean isAfterPowerCut) throws IOException {
    for (Path file : files()) {
      String name = file.getFileName().toString();
      if (name.endsWith(StagingJournal.ANEW)) {
        Files.delete(file);
      } else if (name.endsWith(StagingJournal.SUFFIX)) {
        Optional<StagingJournal> journal = Resumption.of(file, isAfterPowerCut);
        if (journal.isPresent()) {
          found(journal.get());
        } else {
          LOG.warn("{} cannot be read", file);
          Files.delete(file);
        }
      }
    }
    for (Path file : files()) {
      String name = file.getFileName().toString();
      boolean isJournal = name.endsWith(StagingJournal.SUFFIX);
      if (!isJournal && !orphans.containsKey(name) && Files.size(file) == 0) {
        Files.delete(file);
      } else if (!isJournal && !orphans.containsKey(name)) {
        aside.keep(file);
      }
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  /** What may have lost bytes must not go over a whole object. */
  private void setAsideUnsynced() {
    orphans.values().stream()
        .filter(journal -> !journal.state().isPromised())
        .map(StagingJournal::name)
        .toList()
        .forEach(this::setAside);
  }

  private void found(StagingJournal journal) throws IOException {
    Path data = directory.resolve(journal.name());
    boolean isThere = Files.exists(data);
    if (isThere ? isWhole(journal, data) : isWorthKnowing(journal)) {
      orphans.put(journal.name(), journal);
    } else {
      retire(journal);
    }
  }

  /**
   * Whether no byte is missing that somebody was told of. A machine that lost power may have lost
   * what came after a promise; that shows zeros then.
   */
  private static boolean isWhole(StagingJournal journal, Path data) throws IOException {
    return journal.state().isPromised() || Files.size(data) >= journal.state().written().end();
  }

  /** Without its bytes: sessions that know its name have to find what became of it. */
  private static boolean isWorthKnowing(StagingJournal journal) {
    return isMade(journal) || journal.state().successor().isPresent();
  }

  private static boolean isMade(StagingJournal journal) {
    return journal.made().isPresent();
  }

  private void retire(StagingJournal journal) {
    journal.retire();
    if (journal.hasUploads()) {
      leftUploads.add(journal);
    }
  }

  /** What an earlier process left, and nobody has resumed or set aside; in order of their names. */
  public List<Orphan> orphans() {
    return orphans.values().stream()
        .map(journal -> Orphan.of(journal, Files.exists(directory.resolve(journal.name()))))
        .sorted(Comparator.comparing(Orphan::name))
        .toList();
  }

  /**
   * Goes on with a file of an earlier process; {@link Uploader#settle} comes before its upload.
   *
   * @param name as {@link StagedFile#name()} told it
   * @return as it was after the last change that was answered; empty: there is no such orphan, or
   *     its bytes are no longer here, which {@link Orphan#isHere} tells
   */
  public Optional<StagedFile> resume(String name) {
    StagingJournal journal = orphans.get(name);
    Path path = directory.resolve(name);
    if (journal == null || !Files.exists(path) || !orphans.remove(name, journal)) {
      return Optional.empty();
    }
    try {
      StagedFile file = new StagedFile(this, path, journal);
      budget.take(file.writtenBytes());
      return Optional.of(file);
    } catch (IOException e) {
      orphans.put(name, journal);
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Nobody goes on with an orphan: its bytes are kept where people find them, or deleted if OSS has
   * them or they have no name. What OSS has of an upload is ended by {@link
   * Uploader#endLeftUploads}.
   */
  public void setAside(String name) {
    StagingJournal journal = orphans.remove(name);
    if (journal == null) {
      return;
    }
    Path path = directory.resolve(name);
    try {
      if (isMade(journal) || !isWanted(journal)) {
        Files.deleteIfExists(path);
      } else if (Files.exists(path)) {
        LOG.warn("{} was left by a process that ended", journal.state().key());
        aside.keep(path);
      }
    } catch (IOException e) {
      LOG.warn("{} could not be deleted: {}", path, e.getMessage());
    }
    retire(journal);
  }

  /**
   * Whether anything was written that nothing else stands for, and not only for who had it open.
   */
  private static boolean isWanted(StagingJournal journal) {
    StagedState state = journal.state();
    return state.isNamed()
        && state.successor().isEmpty()
        && (state.isChanged() || state.isClosed());
  }

  /** Journals whose files are gone and whose uploads OSS may still have. */
  List<StagingJournal> leftUploads() {
    return List.copyOf(leftUploads);
  }

  /** A file of this process has begun with this journal. */
  void begun(StagingJournal journal) {
    live.add(journal);
  }

  /** Its file has ended, and the next process is to find it all the same. */
  void left(StagingJournal journal) {
    journal.rest();
    orphans.put(journal.name(), journal);
  }

  /** Its file has ended. */
  void ended(StagingJournal journal) {
    live.remove(journal);
  }

  /** Whether another file of this process goes to that key in parts now. */
  boolean isUploading(String key, StagingJournal but) {
    return live.stream().anyMatch(journal -> journal != but && journal.mayUpload(key));
  }

  /** OSS has no upload of that journal any more. */
  void uploadsEnded(StagingJournal journal) {
    leftUploads.remove(journal);
  }

  /**
   * Makes the staging file of an object.
   *
   * @param base what shows where nothing is written; empty: nothing
   */
  public StagedFile create(String key, Optional<ObjectVersion> base) {
    try {
      Path path = fresh(key);
      Path journal = path.resolveSibling(path.getFileName() + StagingJournal.SUFFIX);
      var created = new JournalRecord.Created(key, base);
      try {
        return new StagedFile(this, path, StagingJournal.create(journal, created));
      } catch (IOException | UncheckedIOException e) {
        Files.deleteIfExists(journal);
        Files.deleteIfExists(path);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path fresh(String key) throws IOException {
    while (true) {
      Path path = directory.resolve(names.next(key));
      try {
        return Files.createFile(path);
      } catch (FileAlreadyExistsException e) {
        LOG.debug("{} is there already", path);
      }
    }
  }

  /** Moves a file out of the way and names it in the log. */
  void keepAside(Path file) {
    aside.keep(file);
  }

  /** Takes {@code bytes} of the capacity; false when so much is not left. */
  boolean reserve(long bytes) {
    return budget.reserve(bytes);
  }

  /** Takes {@code bytes}, also when so much is not left. */
  void take(long bytes) {
    budget.take(bytes);
  }

  /** Gives {@code bytes} back. */
  void free(long bytes) {
    budget.free(bytes);
  }

  /** Bytes that staging files take now, with those of the areas that share the budget. */
  public long usedBytes() {
    return budget.usedBytes();
  }

  /** Bytes that the disk has left. */
  public long freeBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Other bounds from now on; what is there stays. */
  public void capacityBytes(long bytes) {
    budget.capacityBytes(bytes);
  }

  /**
   * Returns when the names of all files are on the disk, and those of ended ones are gone from
   * there. Waits for the disk.
   *
   * @throws UncheckedIOException the disk has failed
   */
  public void force() {
    try {
      Durability.force(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Most bytes that they may take. */
  public long capacityBytes() {
    return budget.capacityBytes();
  }
}
