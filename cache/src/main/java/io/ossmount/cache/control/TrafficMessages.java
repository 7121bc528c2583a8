package io.ossmount.cache.control;

import com.google.protobuf.Timestamp;
import io.ossmount.proto.control.v1.Counted;
import io.ossmount.proto.control.v1.DirectoryEntry;
import io.ossmount.proto.control.v1.ListDirectoryResponse;
import io.ossmount.proto.control.v1.Traffic;
import io.ossmount.proto.control.v1.Upload;
import io.ossmount.proto.control.v1.Uploads;
import java.time.Instant;
import java.util.List;

/** What the dashboard shows, as messages. Pure. */
final class TrafficMessages {
  private static final int MOST_UPLOADS = 20;

  private TrafficMessages() {}

  static Traffic traffic(PodTraffic now) {
    return Traffic.newBuilder()
        .setHitBytes(now.cache().hitBytes())
        .setMissBytes(now.cache().missBytes())
        .setFetchedBytes(now.cache().fetchedBytes())
        .setUploadedBytes(now.store().sentBytes())
        .setReads(now.reads())
        .setStoreRequests(now.store().requests())
        .setStoreFailures(now.store().failures())
        .setStoreNanos(now.store().nanos())
        .addAllStoreLatencies(now.store().latencies())
        .setUploads(uploads(now.uploads()))
        .build();
  }

  private static Uploads uploads(List<PodTraffic.Upload> running) {
    Uploads.Builder uploads = Uploads.newBuilder().setCount(running.size());
    for (PodTraffic.Upload one : running) {
      uploads.setTotalBytes(uploads.getTotalBytes() + one.totalBytes());
      uploads.setSentBytes(uploads.getSentBytes() + one.sentBytes());
      if (uploads.getFirstCount() < MOST_UPLOADS) {
        uploads.addFirst(
            Upload.newBuilder()
                .setPath(one.path())
                .setTotalBytes(one.totalBytes())
                .setSentBytes(one.sentBytes()));
      }
    }
    return uploads.build();
  }

  static ListDirectoryResponse page(Directories.Page page) {
    return ListDirectoryResponse.newBuilder()
        .addAllEntries(page.entries().stream().map(TrafficMessages::entry).toList())
        .setNextPageToken(page.nextPageToken())
        .build();
  }

  private static DirectoryEntry entry(Directories.Entry entry) {
    DirectoryEntry.Builder message =
        DirectoryEntry.newBuilder()
            .setName(entry.name())
            .setDirectory(entry.isDirectory())
            .setSizeBytes(entry.sizeBytes())
            .setCachedBytes(entry.cachedBytes())
            .setPending(entry.isPending())
            .setCounted(
                switch (entry.counted()) {
                  case WHOLE -> Counted.COUNTED_WHOLE;
                  case AT_LEAST -> Counted.COUNTED_AT_LEAST;
                  case NOT -> Counted.COUNTED_NOT;
                });
    entry.modified().ifPresent(when -> message.setModified(timestamp(when)));
    return message.build();
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
