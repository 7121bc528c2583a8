package io.ossmount.cache.fs;

import io.ossmount.fuse.SessionRecords;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Records of a session, of which there is room for so many of each of the two sizes. */
final class FewRecords implements SessionRecords {
  private final int room;
  private final int largeRoom;
  private final Map<Key, byte[]> bodies = new ConcurrentHashMap<>();
  private final Map<Key, Long> counts = new ConcurrentHashMap<>();
  private int small;
  private int large;

  FewRecords(int room, int largeRoom) {
    this.room = room;
    this.largeRoom = largeRoom;
  }

  @Override
  public synchronized boolean put(Key key, byte[] body) {
    remove(key);
    boolean isFull = isSmall(body) ? small >= room : large >= largeRoom;
    if (isFull || body.length > MAX_BYTES) {
      return false;
    }
    bodies.put(key, body);
    add(body, 1);
    return true;
  }

  private void add(byte[] body, int count) {
    if (isSmall(body)) {
      small += count;
    } else {
      large += count;
    }
  }

  private static boolean isSmall(byte[] body) {
    return body.length <= SMALL_BYTES;
  }

  @Override
  public void count(Key key, long count) {
    counts.put(key, count);
  }

  @Override
  public synchronized void remove(Key key) {
    byte[] body = bodies.remove(key);
    if (body != null) {
      add(body, -1);
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    bodies.forEach((key, body) -> visitor.record(key, counts.getOrDefault(key, 0L), body));
  }

  int size() {
    return bodies.size();
  }

  boolean has(Key key) {
    return bodies.containsKey(key);
  }
}
