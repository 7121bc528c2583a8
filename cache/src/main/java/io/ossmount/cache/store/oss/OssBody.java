package io.ossmount.cache.store.oss;

import com.aliyun.oss.model.OSSObject;
import io.ossmount.cache.store.ObjectBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The body of a GET. */
final class OssBody implements ObjectBody {
  private static final int COPY_BYTES = 64 << 10;

  private final OSSObject object;

  /** As it comes: that of the object computes a CRC64 of it, whatever the client is told. */
  private final InputStream content;

  private final String doing;
  private final long length;
  private long left;

  OssBody(OSSObject object, long length, String doing) {
    this.object = object;
    this.content = object.getResponse().getContent();
    this.length = length;
    this.left = length;
    this.doing = doing;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Optional<Long> objectCrc64() {
    return Optional.ofNullable(object.getObjectMetadata().getServerCRC());
  }

  @Override
  public int read(ByteBuffer into) {
    if (left == 0) {
      return -1;
    }
    try {
      int wanted = (int) Math.min(into.remaining(), left);
      int count =
          into.hasArray()
              ? content.read(into.array(), into.arrayOffset() + into.position(), wanted)
              : copy(into, wanted);
      if (count < 0) {
        throw new IOException("the body ended %d bytes early".formatted(left));
      }
      if (into.hasArray()) {
        into.position(into.position() + count);
      }
      left -= count;
      return count;
    } catch (IOException e) {
      throw OssErrors.of(e, doing);
    }
  }

  @Override
  public void close() {
    try {
      if (left == 0) {
        // The connection goes on to the next request.
        object.close();
      } else {
        // close() would read the rest first.
        object.forcedClose();
      }
    } catch (IOException e) {
      // It is over either way.
    }
  }

  private int copy(ByteBuffer into, int wanted) throws IOException {
    byte[] bytes = new byte[Math.min(wanted, COPY_BYTES)];
    int count = content.read(bytes, 0, bytes.length);
    if (count > 0) {
      into.put(bytes, 0, count);
    }
    return count;
  }
}
