package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.Access;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.MalformedRequestException;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.store.Buckets;
import io.ossmount.emulator.store.ObjectReader;

/**
 * What x-oss-copy-source names.
 *
 * @param bucket its bucket
 * @param key its key
 */
record CopySource(String bucket, String key) {
  /**
   * Opens the source, if the caller may read it and the conditions hold.
   *
   * @throws OssException InvalidArgument, AccessDenied, NoSuchBucket, NoSuchKey,
   *     PreconditionFailed, NotModified
   */
  static ObjectReader open(OssRequest request, Buckets buckets) {
    CopySource source = parse(request.header(Headers.COPY_SOURCE).orElse(""));
    OssService.require(request.caller(), Access.READ, source.key());
    ObjectReader reader = buckets.get(source.bucket()).open(source.key());
    try {
      Conditions.checkCopySource(request, reader.object());
      return reader;
    } catch (OssException e) {
      reader.close();
      throw e;
    }
  }

  static CopySource parse(String header) {
    String path;
    try {
      path = Percent.decode(header);
    } catch (MalformedRequestException e) {
      throw OssRequest.invalid(Headers.COPY_SOURCE, header);
    }
    String relative = path.startsWith("/") ? path.substring(1) : path;
    int slash = relative.indexOf('/');
    if (slash <= 0 || slash == relative.length() - 1) {
      throw OssRequest.invalid(Headers.COPY_SOURCE, header);
    }
    return new CopySource(relative.substring(0, slash), relative.substring(slash + 1));
  }
}
