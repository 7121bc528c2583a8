package io.ossmount.emulator.store;

import java.io.IOException;

/** One version of an object, readable until closed even if it is replaced or deleted meanwhile. */
public final class ObjectReader implements AutoCloseable {
  private final Blobs blobs;
  private final StoredObject object;

  ObjectReader(Blobs blobs, StoredObject object) {
    this.blobs = blobs;
    this.object = object;
  }

  /** What it is. */
  public StoredObject object() {
    return object;
  }

  /** Hands over a range, which must lie inside of the object. */
  public void transfer(long offset, long count, BlobTarget target) throws IOException {
    blobs.transfer(object.content().segments(), offset, count, target);
  }

  @Override
  public void close() {
    blobs.release(object.content().segments());
  }
}
