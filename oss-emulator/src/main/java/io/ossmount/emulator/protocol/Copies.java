package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import io.ossmount.emulator.store.Draft;
import io.ossmount.emulator.store.ObjectReader;
import io.ossmount.emulator.store.ObjectType;
import io.ossmount.emulator.store.StoredObject;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** CopyObject. No byte is copied: the new object is made of the blobs of the old one. */
final class Copies {
  private final Buckets buckets;

  Copies(Buckets buckets) {
    this.buckets = buckets;
  }

  HttpResponse copy(OssRequest request, Bucket bucket) throws IOException {
    String key = request.newKey();
    try (ObjectReader reader = CopySource.open(request, buckets)) {
      StoredObject source = reader.object();
      if (source.size() > ObjectWrites.LARGEST_BODY) {
        throw new OssException(ErrorCode.ENTITY_TOO_LARGE);
      }
      StoredObject copy =
          bucket.put(
              new Draft(
                  key,
                  source.type() == ObjectType.SYMLINK ? ObjectType.SYMLINK : ObjectType.NORMAL,
                  source.content(),
                  replaces(request, bucket)
                      ? Headers.attributes(request.headers())
                      : source.attributes(),
                  source.symlinkTarget(),
                  request.forbidsOverwrite()));
      HttpResponse response =
          new XmlWriter("CopyObjectResult")
              .element("LastModified", Lists.time(copy.modified()))
              .element("ETag", Headers.quoted(copy.etag()))
              .answer(200);
      for (Map.Entry<String, String> header : Headers.written(copy.content()).entrySet()) {
        response = response.with(header.getKey(), header.getValue());
      }
      return response;
    }
  }

  /** A copy onto itself replaces the metadata whatever is asked, as the documentation says. */
  private static boolean replaces(OssRequest request, Bucket bucket) {
    String directive = request.header("x-oss-metadata-directive").orElse("COPY");
    boolean isItself =
        CopySource.parse(request.header(Headers.COPY_SOURCE).orElse(""))
            .equals(new CopySource(bucket.name(), request.key()));
    return switch (directive.toUpperCase(Locale.ROOT)) {
      case "COPY" -> isItself;
      case "REPLACE" -> true;
      default -> throw OssRequest.invalid("x-oss-metadata-directive", directive);
    };
  }
}
