package io.ossmount.cache.store.oss;

import com.aliyun.oss.OSS;
import com.aliyun.oss.ServiceException;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.OSSObject;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PutObjectRequest;
import io.ossmount.cache.config.MountSettings.Credentials;
import io.ossmount.cache.config.MountSettings.Source;
import io.ossmount.cache.config.MountSettings.Timeouts;
import io.ossmount.cache.store.Content;
import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.cache.store.StoreException;
import io.ossmount.cache.store.StoreProbe;
import io.ossmount.cache.store.oss.OssErrors.Kind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@link StoreProbe} by the OSS SDK. Each call is one request, made once. */
public final class OssProbe implements StoreProbe, AutoCloseable {
  private static final String FORBID_OVERWRITE = "x-oss-forbid-overwrite";
  private static final String EXISTS = "FileAlreadyExists";

  private final Source source;
  private final Timeouts timeouts;
  private final OSS client;

  private OssProbe(Source source, Timeouts timeouts, OSS client) {
    this.source = source;
    this.timeouts = timeouts;
    this.client = client;
  }

  /** Makes a client; does not connect yet. */
  public static OssProbe connect(Source source, Credentials credentials, Timeouts timeouts) {
    return new OssProbe(source, timeouts, OssClients.connect(source, credentials, timeouts));
  }

  @Override
  public Duration clockDifference() {
    String doing = "HEAD of the endpoint " + source.endpoint();
    try {
      var connection = (HttpURLConnection) source.endpoint().toURL().openConnection();
      try {
        connection.setRequestMethod("HEAD");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) timeouts.connect().toMillis());
        connection.setReadTimeout((int) timeouts.operation().toMillis());
        Instant before = Instant.now();
        // Whatever it answers to who did not sign: every answer has a date.
        int _ = connection.getResponseCode();
        long told = connection.getDate();
        Instant after = Instant.now();
        if (told == 0) {
          throw new StoreException.Invalid(doing + ": the answer has no Date");
        }
        Instant ours = before.plus(Duration.between(before, after).dividedBy(2));
        return Duration.between(ours, Instant.ofEpochMilli(told));
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw OssErrors.of(e, doing);
    }
  }

  @Override
  public boolean putNew(String key, Content content) {
    String doing = "PUT, if it is new, %s/%s".formatted(source.bucket(), key);
    ObjectMetadata headers = new ObjectMetadata();
    headers.setContentLength(content.size());
    headers.setHeader(FORBID_OVERWRITE, "true");
    try {
      client.putObject(
          new PutObjectRequest(source.bucket(), key, new ContentStream(content), headers));
      return true;
    } catch (RuntimeException e) {
      if (e instanceof ServiceException told && EXISTS.equals(told.getErrorCode())) {
        return false;
      }
      throw OssErrors.of(e, Kind.WRITE, doing);
    }
  }

  @Override
  public boolean isUnchanged(ObjectVersion version) {
    GetObjectRequest request = new GetObjectRequest(source.bucket(), version.key());
    request.setNonmatchingETagConstraints(List.of(OssModel.quoted(version)));
    String doing = "GET, if it has changed, %s/%s".formatted(source.bucket(), version.key());
    try {
      OSSObject object = client.getObject(request);
      object.forcedClose();
      return false;
    } catch (IOException e) {
      throw OssErrors.of(e, doing);
    } catch (RuntimeException e) {
      StoreException failure = OssErrors.of(e, Kind.READ, doing);
      if (failure instanceof StoreException.VersionChanged) {
        // 304: nothing else is there.
        return true;
      }
      throw failure;
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
