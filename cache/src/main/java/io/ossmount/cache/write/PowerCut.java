package io.ossmount.cache.write;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a journal says after its machine has lost power: the disk may have records whose bytes it
 * has lost. What was written since the last promise does not count then, as its zeros would go over
 * what is there; and of a file that was cut since, nothing is promised any more.
 */
final class PowerCut {
  private PowerCut() {}

  /**
   * The records that count.
   *
   * @param all of a journal, of which the first makes the file
   */
  static List<JournalRecord> counting(List<JournalRecord> all) {
    if (!StagedState.of(all).isPromised()) {
      return all;
    }
    int end = all.lastIndexOf(new JournalRecord.Promised()) + 1;
    List<JournalRecord> promised = all.subList(0, end);
    List<JournalRecord> since = all.subList(end, all.size());
    if (isCut(StagedState.of(promised).size(), since)) {
      return all.stream().filter(record -> !(record instanceof JournalRecord.Promised)).toList();
    }
    return Stream.concat(promised.stream(), since.stream().filter(record -> !speaksOfBytes(record)))
        .toList();
  }

  private static boolean isCut(long promisedSize, List<JournalRecord> since) {
    return since.stream()
        .anyMatch(
            record -> record instanceof JournalRecord.Truncate cut && cut.size() < promisedSize);
  }

  private static boolean speaksOfBytes(JournalRecord record) {
    return record instanceof JournalRecord.Write
        || record instanceof JournalRecord.Filled
        || record instanceof JournalRecord.Truncate;
  }
}
