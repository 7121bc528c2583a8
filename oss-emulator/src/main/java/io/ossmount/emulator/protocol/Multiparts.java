package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.http.ResponseBody;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import io.ossmount.emulator.store.MultipartUpload;
import io.ossmount.emulator.store.ObjectReader;
import io.ossmount.emulator.store.Part;
import io.ossmount.emulator.store.PartClaim;
import io.ossmount.emulator.store.Received;
import io.ossmount.emulator.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Uploads in parts: begin, part, part by copy, list of parts, complete, abort. */
final class Multiparts {
  private static final int MOST_PARTS = 10_000;

  private final Buckets buckets;
  private final ObjectWrites writes;

  Multiparts(Buckets buckets, ObjectWrites writes) {
    this.buckets = buckets;
    this.writes = writes;
  }

  static HttpResponse initiate(OssRequest request, Bucket bucket) throws IOException {
    String key = request.newKey();
    if (request.forbidsOverwrite() && bucket.find(key).isPresent()) {
      throw new OssException(ErrorCode.FILE_ALREADY_EXISTS);
    }
    MultipartUpload upload = bucket.startUpload(key, Headers.attributes(request.headers()));
    XmlWriter xml = new XmlWriter("InitiateMultipartUploadResult");
    return named(xml, request, bucket).element("UploadId", upload.info().id()).answer(200);
  }

  private static XmlWriter named(XmlWriter xml, OssRequest request, Bucket bucket) {
    boolean isUrlEncoded = request.isUrlEncoded();
    if (isUrlEncoded) {
      xml.element("EncodingType", "url");
    }
    return xml.element("Bucket", bucket.name())
        .element("Key", isUrlEncoded ? Percent.encode(request.key()) : request.key());
  }

  HttpResponse uploadPart(OssRequest request, Bucket bucket) throws IOException {
    int number = partNumber(request);
    MultipartUpload upload = bucket.upload(request.key(), request.parameter("uploadId"));
    try (Received received = writes.receive(request)) {
      Part part = bucket.putPart(request.key(), upload.info().id(), number, received.content());
      return new HttpResponse(200, Headers.written(part.content()), ResponseBody.NONE);
    }
  }

  HttpResponse uploadPartCopy(OssRequest request, Bucket bucket) throws IOException {
    int number = partNumber(request);
    MultipartUpload upload = bucket.upload(request.key(), request.parameter("uploadId"));
    try (ObjectReader source = CopySource.open(request, buckets)) {
      ByteRange range = copiedRange(request, source.object().size());
      try (Received copied = buckets.copyRange(source, range.offset(), range.length())) {
        Part part = bucket.putPart(request.key(), upload.info().id(), number, copied.content());
        return new XmlWriter("CopyPartResult")
            .element("LastModified", Lists.time(part.modified()))
            .element("ETag", Headers.quoted(part.content().etag()))
            .answer(200)
            .with(Headers.CRC64, Long.toUnsignedString(part.content().crc64()));
      }
    }
  }

  private static ByteRange copiedRange(OssRequest request, long size) {
    Optional<String> header = request.header("x-oss-copy-source-range");
    if (header.isEmpty()) {
      return new ByteRange(0, size);
    }
    return ByteRange.of(header.get(), size, false)
        .orElseThrow(() -> new OssException(ErrorCode.INVALID_RANGE));
  }

  private static int partNumber(OssRequest request) {
    request.parameter("partNumber");
    return (int) request.number("partNumber", 0, 1, MOST_PARTS);
  }

  static HttpResponse complete(OssRequest request, Bucket bucket) throws IOException {
    String id = request.parameter("uploadId");
    MultipartUpload upload = bucket.upload(request.key(), id);
    List<PartClaim> parts =
        request.headers().is("x-oss-complete-all", "yes")
            ? all(upload.parts().values())
            : claims(request);
    if (parts.isEmpty()) {
      throw new OssException(ErrorCode.MALFORMED_XML);
    }
    StoredObject object =
        bucket.completeUpload(request.key(), id, parts, request.forbidsOverwrite());
    XmlWriter xml = new XmlWriter("CompleteMultipartUploadResult");
    return named(xml, request, bucket)
        .element(
            "Location", "http://" + request.http().host() + "/" + Percent.encodePath(request.key()))
        .element("ETag", Headers.quoted(object.etag()))
        .answer(200)
        .with("ETag", Headers.quoted(object.etag()))
        .with(Headers.CRC64, Long.toUnsignedString(object.content().crc64()));
  }

  private static List<PartClaim> all(Collection<Part> parts) {
    return parts.stream().map(part -> new PartClaim(part.number(), part.content().etag())).toList();
  }

  private static List<PartClaim> claims(OssRequest request) throws IOException {
    String document = new String(request.document(), StandardCharsets.UTF_8);
    List<PartClaim> claims = new ArrayList<>();
    for (XmlElement part : XmlElement.parse(document).children("Part")) {
      try {
        claims.add(
            new PartClaim(
                Integer.parseInt(part.text("PartNumber").orElse("").trim()),
                Headers.unquoted(part.text("ETag").orElse(""))));
      } catch (NumberFormatException e) {
        throw new OssException(ErrorCode.MALFORMED_XML);
      }
    }
    if (claims.size() > MOST_PARTS) {
      throw new OssException(ErrorCode.INVALID_ARGUMENT);
    }
    return claims;
  }

  static HttpResponse abort(OssRequest request, Bucket bucket) throws IOException {
    bucket.abortUpload(request.key(), request.parameter("uploadId"));
    return new HttpResponse(204, Map.of(), ResponseBody.NONE);
  }

  static HttpResponse listParts(OssRequest request, Bucket bucket) {
    MultipartUpload upload = bucket.upload(request.key(), request.parameter("uploadId"));
    int marker = (int) request.number("part-number-marker", 0, 0, MOST_PARTS);
    int most = (int) request.number("max-parts", 1000, 1, 1000);
    Collection<Part> after = upload.parts().tailMap(marker, false).values();
    List<Part> page = after.stream().limit(most).toList();
    boolean isTruncated = after.stream().skip(most).findFirst().isPresent();
    XmlWriter xml = named(new XmlWriter("ListPartsResult"), request, bucket);
    xml.element("UploadId", upload.info().id())
        .element("StorageClass", "Standard")
        .element("PartNumberMarker", marker)
        .element("NextPartNumberMarker", page.isEmpty() ? marker : page.getLast().number())
        .element("MaxParts", most)
        .element("IsTruncated", isTruncated);
    for (Part part : page) {
      xml.open("Part")
          .element("PartNumber", part.number())
          .element("LastModified", Lists.time(part.modified()))
          .element("ETag", Headers.quoted(part.content().etag()))
          .element("HashCrc64ecma", Long.toUnsignedString(part.content().crc64()))
          .element("Size", part.content().size())
          .close();
    }
    return xml.answer(200);
  }
}
