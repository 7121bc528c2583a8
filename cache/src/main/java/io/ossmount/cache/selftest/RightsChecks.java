package io.ossmount.cache.selftest;

import io.ossmount.cache.store.ObjectInfo;
import java.util.List;

/** What the credentials may do in the bucket, each right by itself. */
final class RightsChecks {
  private static final int MOST_BYTES = 1024;

  private final Subject subject;
  private final String key;

  RightsChecks(Subject subject) {
    this.subject = subject;
    this.key = subject.scratchPrefix() + "rights";
  }

  List<Check> all() {
    return List.of(
        Check.reading("Rights/List", this::list),
        Check.writing("Rights/Write", () -> StoredObjects.put(subject.store(), key, new byte[9])),
        Check.reading("Rights/Read", this::read),
        // Of an object that is not there, it needs the right as well.
        Check.writing("Rights/Delete", () -> subject.store().delete(key)));
  }

  private String list() {
    var page = StoredObjects.list(subject.store(), subject.prefix());
    return page.objects().isEmpty() && page.directories().isEmpty()
        ? "there is nothing below " + subject.prefix()
        : "";
  }

  private String read() throws Check.NotApplicable {
    ObjectInfo info =
        subject
            .store()
            .head(key)
            .or(() -> Samples.first(subject))
            .orElseThrow(() -> new Check.NotApplicable("there is no object to read"));
    var _ = StoredObjects.get(subject.store(), info.version(), 0, MOST_BYTES);
    return "";
  }
}
