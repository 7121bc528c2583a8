package io.ossmount.cache.fs;

import io.ossmount.fuse.SessionRecords;
import java.util.function.BooleanSupplier;

/** What is left of a process is nothing: what its threads do when it is killed has no effect. */
final class MortalRecords implements SessionRecords {
  private final SessionRecords records;
  private final BooleanSupplier isDead;

  MortalRecords(SessionRecords records, BooleanSupplier isDead) {
    this.records = records;
    this.isDead = isDead;
  }

  @Override
  public boolean put(Key key, byte[] body) {
    return isDead.getAsBoolean() || records.put(key, body);
  }

  @Override
  public void count(Key key, long count) {
    if (!isDead.getAsBoolean()) {
      records.count(key, count);
    }
  }

  @Override
  public void remove(Key key) {
    if (!isDead.getAsBoolean()) {
      records.remove(key);
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    records.forEach(visitor);
  }
}
