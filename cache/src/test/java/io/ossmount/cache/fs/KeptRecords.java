package io.ossmount.cache.fs;

import io.ossmount.fuse.SessionRecords;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Records of a session that outlive a server of a test. */
final class KeptRecords implements SessionRecords {
  private static final class Kept {
    private final long count;
    private final byte[] body;

    private Kept(long count, byte[] body) {
      this.count = count;
      this.body = body;
    }
  }

  private final Map<Key, Kept> kept = new ConcurrentHashMap<>();

  @Override
  public boolean put(Key key, byte[] body) {
    kept.merge(key, new Kept(0, body), (before, now) -> new Kept(before.count, now.body));
    return body.length <= MAX_BYTES;
  }

  @Override
  public void count(Key key, long count) {
    kept.computeIfPresent(key, (_, before) -> new Kept(count, before.body));
  }

  @Override
  public void remove(Key key) {
    kept.remove(key);
  }

  @Override
  public void forEach(Visitor visitor) {
    Map.copyOf(kept).forEach((key, record) -> visitor.record(key, record.count, record.body));
  }

  long handles() {
    return kept.keySet().stream().filter(key -> key.kind() == Kind.HANDLE).count();
  }
}
