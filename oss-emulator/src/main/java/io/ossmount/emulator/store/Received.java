package io.ossmount.emulator.store;

/**
 * Bytes that are on disk and not yet part of anything. Closing lets go of them; an object or part
 * that took them over meanwhile keeps them.
 */
public final class Received implements AutoCloseable {
  private final Blobs blobs;
  private final StoredObject.Content content;

  Received(Blobs blobs, StoredObject.Content content) {
    this.blobs = blobs;
    this.content = content;
  }

  /** Where they are, and their checksums. */
  public StoredObject.Content content() {
    return content;
  }

  @Override
  public void close() {
    blobs.release(content.segments());
  }
}
