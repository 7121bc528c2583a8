package io.ossmount.emulator.log;

import io.ossmount.emulator.api.Operation;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The latest requests, at most {@value #CAPACITY}, oldest first. A client that has its answer finds
 * its request here with status and bytes. Thread-safe.
 */
public final class RequestLog {
  /** How many are kept. */
  public static final int CAPACITY = 100_000;

  private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();

  /**
   * Notes a request.
   *
   * @param bytesIn tells how much of its body was read
   */
  public synchronized LogEntry add(LogEntry.Head head, LongSupplier bytesIn) {
    if (entries.size() == CAPACITY) {
      entries.removeFirst();
    }
    LogEntry entry = new LogEntry(head, bytesIn);
    entries.addLast(entry);
    return entry;
  }

  /** All that are kept, as they are now. */
  public synchronized List<RequestRecord> all() {
    return entries.stream().map(LogEntry::record).toList();
  }

  /** Those that are so. */
  public List<RequestRecord> matching(Predicate<RequestRecord> condition) {
    return all().stream().filter(condition).toList();
  }

  /** Those of one operation. */
  public List<RequestRecord> of(Operation operation) {
    return matching(each -> each.operation() == operation);
  }

  /** How many there were of one operation. */
  public int count(Operation operation) {
    return of(operation).size();
  }

  /** Bytes of all answers' bodies. */
  public long bytesOut() {
    return all().stream().mapToLong(RequestRecord::bytesOut).sum();
  }

  /** Bytes of the answers to one operation. */
  public long bytesOut(Operation operation) {
    return of(operation).stream().mapToLong(RequestRecord::bytesOut).sum();
  }

  /** Bytes of the requests of one operation. */
  public long bytesIn(Operation operation) {
    return of(operation).stream().mapToLong(RequestRecord::bytesIn).sum();
  }

  /** Forgets all. */
  public synchronized void clear() {
    entries.clear();
  }
}
