package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.BodySink;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.http.ResponseBody;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.ObjectReader;
import io.ossmount.emulator.store.ObjectType;
import io.ossmount.emulator.store.StoredObject;
import java.util.Map;
import java.util.Optional;

/** GetObject, HeadObject, GetObjectMeta, GetSymlink. */
final class ObjectReads {
  private static final String OVERRIDE = "response-";

  /** Of an object through a symlink: bytes of the target, type of the link. */
  private record Found(ObjectReader reader, boolean isSymlink) {}

  private ObjectReads() {}

  static HttpResponse get(OssRequest request, Bucket bucket) {
    Found found = open(request, bucket);
    ObjectReader reader = found.reader();
    boolean isHandedOver = false;
    try {
      StoredObject object = reader.object();
      Conditions.checkRead(request, object);
      Map<String, String> headers = headers(found);
      override(request, headers);
      Optional<ByteRange> range =
          request
              .header("range")
              .flatMap(header ->
                  ByteRange.of(
                      header,
                      object.size(),
                      request.headers().is("x-oss-range-behavior", "standard")));
      range.ifPresent(part -> headers.put("Content-Range", part.contentRange(object.size())));
      ByteRange sent = range.orElse(new ByteRange(0, object.size()));
      isHandedOver = true;
      return new HttpResponse(
          range.isPresent() ? 206 : 200,
          headers,
          new ObjectBody(reader, sent.offset(), sent.length()));
    } finally {
      if (!isHandedOver) {
        reader.close();
      }
    }
  }

  static HttpResponse head(OssRequest request, Bucket bucket) {
    Found found = open(request, bucket);
    try (ObjectReader reader = found.reader()) {
      Conditions.checkRead(request, reader.object());
      return new HttpResponse(200, headers(found), lengthOnly(reader.object().size()));
    }
  }

  static HttpResponse meta(OssRequest request, Bucket bucket) {
    StoredObject object =
        bucket.find(request.key()).orElseThrow(() -> Bucket.noSuchKey(request.key()));
    return new HttpResponse(200, Headers.brief(object), lengthOnly(object.size()));
  }

  static HttpResponse symlink(OssRequest request, Bucket bucket) {
    StoredObject object =
        bucket.find(request.key()).orElseThrow(() -> Bucket.noSuchKey(request.key()));
    if (object.type() != ObjectType.SYMLINK) {
      throw new OssException(ErrorCode.NOT_SYMLINK);
    }
    Map<String, String> headers = Headers.of(object);
    headers.put(Headers.SYMLINK_TARGET, Percent.encode(object.symlinkTarget()));
    return new HttpResponse(200, headers, ResponseBody.NONE);
  }

  private static Found open(OssRequest request, Bucket bucket) {
    ObjectReader reader = bucket.open(request.key());
    if (reader.object().type() != ObjectType.SYMLINK) {
      return new Found(reader, false);
    }
    String target = reader.object().symlinkTarget();
    reader.close();
    try {
      ObjectReader behind = bucket.open(target);
      if (behind.object().type() == ObjectType.SYMLINK) {
        behind.close();
        throw new OssException(ErrorCode.INVALID_TARGET_TYPE);
      }
      return new Found(behind, true);
    } catch (OssException e) {
      throw e.status() == 404 ? new OssException(ErrorCode.SYMLINK_TARGET_NOT_EXIST) : e;
    }
  }

  private static Map<String, String> headers(Found found) {
    Map<String, String> headers = Headers.of(found.reader().object());
    if (found.isSymlink()) {
      headers.put(Headers.OBJECT_TYPE, ObjectType.SYMLINK.apiName());
    }
    return headers;
  }

  /** response-content-type=... and the like in the query. */
  private static void override(OssRequest request, Map<String, String> headers) {
    request.query().parameters().stream()
        .filter(each -> each.name().startsWith(OVERRIDE))
        .forEach(each -> {
          String name = each.name().substring(OVERRIDE.length());
          headers.keySet().removeIf(name::equalsIgnoreCase);
          headers.put(name, each.value());
        });
  }

  /** The answer to HEAD has the length of a body, and none. */
  private static ResponseBody lengthOnly(long size) {
    return new ResponseBody() {
      @Override
      public long length() {
        return size;
      }

      @Override
      public void sendTo(BodySink sink) {
        throw new IllegalStateException("only HEAD is answered so");
      }
    };
  }
}
