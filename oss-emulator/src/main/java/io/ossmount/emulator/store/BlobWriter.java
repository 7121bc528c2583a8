package io.ossmount.emulator.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes one blob and takes its checksums on the way. The finished blob is retained once, for
 * whoever takes it over; without {@link #finish} closing deletes it. For one thread.
 */
final class BlobWriter implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Blobs blobs;
  private final String name = UUID.randomUUID().toString().replace("-", "");
  private final MessageDigest md5;
  private final Crc64 crc64 = new Crc64();
  private @Nullable FileChannel file;
  private long size;
  private boolean isFinished;

  BlobWriter(Blobs blobs) {
    this.blobs = blobs;
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    md5.update(bytes, offset, length);
    crc64.update(bytes, offset, length);
    FileChannel file = open();
    ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
    while (left.hasRemaining()) {
      file.write(left);
    }
    size += length;
  }

  /** Nothing is made for no bytes. */
  private FileChannel open() throws IOException {
    if (file == null) {
      file =
          FileChannel.open(
              blobs.path(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }
    return file;
  }

  /** Writes a stream to its end, but no more than {@code most} bytes. */
  void writeAll(InputStream from, long most) throws IOException {
    byte[] buffer = new byte[128 * 1024];
    for (int count = from.read(buffer, 0, buffer.length);
        count >= 0;
        count = from.read(buffer, 0, buffer.length)) {
      if (size + count > most) {
        throw new ContentTooLargeException();
      }
      write(buffer, 0, count);
    }
  }

  /** Writes a range of a file. */
  void writeRange(FileChannel from, long position, long count) throws IOException {
    byte[] buffer = new byte[128 * 1024];
    for (long done = 0; done < count; ) {
      int wanted = (int) Math.min(buffer.length, count - done);
      int got = from.read(ByteBuffer.wrap(buffer, 0, wanted), position + done);
      if (got < 0) {
        throw new IOException("blob is shorter than its segment");
      }
      write(buffer, 0, got);
      done += got;
    }
  }

  /** All is written. */
  StoredObject.Content finish() throws IOException {
    closeFile();
    isFinished = true;
    List<Segment> segments = size == 0 ? List.of() : List.of(new Segment(name, 0, size));
    blobs.retain(segments);
    return new StoredObject.Content(segments, size, HEX.formatHex(md5.digest()), crc64.getValue());
  }

  @Override
  public void close() throws IOException {
    if (!isFinished) {
      closeFile();
      blobs.delete(name);
    }
  }

  private void closeFile() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
