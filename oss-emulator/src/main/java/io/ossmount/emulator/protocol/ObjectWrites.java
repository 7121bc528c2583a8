package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.Access;
import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.MalformedRequestException;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.http.ResponseBody;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import io.ossmount.emulator.store.Contents;
import io.ossmount.emulator.store.Draft;
import io.ossmount.emulator.store.ObjectType;
import io.ossmount.emulator.store.Received;
import io.ossmount.emulator.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PutObject, AppendObject, PutSymlink, DeleteObject, DeleteMultipleObjects. */
final class ObjectWrites {
  /** Of PutObject, UploadPart and one AppendObject. */
  static final long LARGEST_BODY = 5L << 30;

  private static final int MOST_DELETED = 1000;

  private final Buckets buckets;

  ObjectWrites(Buckets buckets) {
    this.buckets = buckets;
  }

  HttpResponse put(OssRequest request, Bucket bucket) throws IOException {
    String key = request.newKey();
    if (request.forbidsOverwrite() && bucket.find(key).isPresent()) {
      throw new OssException(ErrorCode.FILE_ALREADY_EXISTS);
    }
    try (Received received = receive(request)) {
      StoredObject object =
          bucket.put(
              new Draft(
                  key,
                  ObjectType.NORMAL,
                  received.content(),
                  Headers.attributes(request.headers()),
                  "",
                  request.forbidsOverwrite()));
      return new HttpResponse(200, written(object), ResponseBody.NONE);
    }
  }

  /** Takes a body in and checks its Content-MD5. */
  Received receive(OssRequest request) throws IOException {
    boolean isChunked = request.headers().is("transfer-encoding", "chunked");
    if (!isChunked && request.http().body().length().isEmpty()) {
      throw new OssException(ErrorCode.MISSING_CONTENT_LENGTH);
    }
    if (request.http().body().length().orElse(0) > LARGEST_BODY) {
      throw new OssException(ErrorCode.ENTITY_TOO_LARGE);
    }
    Optional<String> expected = request.header("content-md5").map(ObjectWrites::md5OfHeader);
    Received received = buckets.receive(request.http().body(), LARGEST_BODY);
    if (expected.isPresent() && !expected.get().equals(received.content().etag())) {
      received.close();
      throw new OssException(
          ErrorCode.INVALID_DIGEST,
          "The Content-MD5 you specified did not match what we received.");
    }
    return received;
  }

  /** In upper-case hex. */
  private static String md5OfHeader(String header) {
    try {
      byte[] digest = Base64.getDecoder().decode(header.trim());
      if (digest.length == 16) {
        return HexFormat.of().withUpperCase().formatHex(digest);
      }
    } catch (IllegalArgumentException e) {
      // the same as a wrong length
    }
    throw new OssException(ErrorCode.INVALID_DIGEST);
  }

  HttpResponse append(OssRequest request, Bucket bucket) throws IOException {
    String key = request.newKey();
    long position = request.number("position", -1, 0, Long.MAX_VALUE);
    Bucket.checkAppend(bucket.find(key), position);
    try (Received received = receive(request)) {
      Draft addition =
          new Draft(
              key,
              ObjectType.APPENDABLE,
              received.content(),
              Headers.attributes(request.headers()),
              "",
              false);
      StoredObject object = bucket.append(addition, position);
      return new HttpResponse(200, written(object), ResponseBody.NONE)
          .with("x-oss-next-append-position", Long.toString(object.size()));
    }
  }

  HttpResponse putSymlink(OssRequest request, Bucket bucket) throws IOException {
    String encoded =
        request
            .header(Headers.SYMLINK_TARGET)
            .orElseThrow(() -> new OssException(ErrorCode.MISSING_ARGUMENT));
    String target;
    try {
      target = Percent.decode(encoded);
    } catch (MalformedRequestException e) {
      throw OssRequest.invalid(Headers.SYMLINK_TARGET, encoded);
    }
    StoredObject object =
        bucket.put(
            new Draft(
                request.newKey(),
                ObjectType.SYMLINK,
                Contents.empty(target),
                Headers.attributes(request.headers()),
                target,
                request.forbidsOverwrite()));
    return new HttpResponse(200, Map.of("ETag", Headers.quoted(object.etag())), ResponseBody.NONE);
  }

  private static Map<String, String> written(StoredObject object) {
    Map<String, String> headers = Headers.written(object.content());
    Optional.ofNullable(Headers.of(object).get("Content-MD5"))
        .ifPresent(md5 -> headers.put("Content-MD5", md5));
    return headers;
  }

  static HttpResponse delete(OssRequest request, Bucket bucket) throws IOException {
    bucket.delete(request.key());
    return new HttpResponse(204, Map.of(), ResponseBody.NONE);
  }

  static HttpResponse deleteMultiple(OssRequest request, Bucket bucket) throws IOException {
    byte[] document = request.document();
    String md5 =
        request
            .header("content-md5")
            .map(ObjectWrites::md5OfHeader)
            .orElseThrow(() ->
                new OssException(ErrorCode.MISSING_ARGUMENT, "Missing Some Required Arguments.")
                    .detail("ArgumentName", "Content-MD5"));
    if (!md5.equals(md5(document))) {
      throw new OssException(ErrorCode.INVALID_DIGEST);
    }
    XmlElement root = XmlElement.parse(new String(document, StandardCharsets.UTF_8));
    List<String> keys = new ArrayList<>();
    for (XmlElement each : root.children("Object")) {
      keys.add(each.text("Key").orElseThrow(() -> new OssException(ErrorCode.MALFORMED_XML)));
    }
    if (keys.isEmpty() || keys.size() > MOST_DELETED) {
      throw new OssException(ErrorCode.MALFORMED_XML);
    }
    for (String key : keys) {
      OssService.require(request.caller(), Access.WRITE, key);
    }
    for (String key : keys) {
      bucket.delete(key);
    }
    if (root.text("Quiet").filter("true"::equals).isPresent()) {
      return new HttpResponse(200, Map.of(), ResponseBody.NONE);
    }
    return deleted(request, keys);
  }

  private static HttpResponse deleted(OssRequest request, List<String> keys) {
    XmlWriter xml = new XmlWriter("DeleteResult");
    boolean isUrlEncoded = request.isUrlEncoded();
    if (isUrlEncoded) {
      xml.element("EncodingType", "url");
    }
    for (String key : keys) {
      xml.open("Deleted").element("Key", isUrlEncoded ? Percent.encode(key) : key).close();
    }
    return xml.answer(200);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of()
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
