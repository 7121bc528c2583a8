package io.ossmount.operator.control;

import io.ossmount.operator.control.DirectoryAnswer.Counted;
import io.ossmount.operator.control.DirectoryAnswer.Entry;
import io.ossmount.operator.control.DirectoryAnswer.Page;
import io.ossmount.proto.control.v1.DirectoryEntry;
import io.ossmount.proto.control.v1.ListDirectoryResponse;
import io.ossmount.proto.control.v1.Traffic;
import java.time.Instant;

/** Reads what cache pods say for the dashboard. Pure. */
final class TrafficMessages {
  private TrafficMessages() {}

  static PodTraffic read(Traffic traffic) {
    var uploads = traffic.getUploads();
    return new PodTraffic(
        traffic.getHitBytes(),
        traffic.getMissBytes(),
        traffic.getFetchedBytes(),
        traffic.getUploadedBytes(),
        traffic.getReads(),
        traffic.getStoreRequests(),
        traffic.getStoreFailures(),
        traffic.getStoreNanos(),
        traffic.getStoreLatenciesList(),
        new PodTraffic.Uploads(
            uploads.getCount(),
            uploads.getTotalBytes(),
            uploads.getSentBytes(),
            uploads.getFirstList().stream()
                .map(one ->
                    new PodTraffic.Upload(one.getPath(), one.getTotalBytes(), one.getSentBytes()))
                .toList()));
  }

  static Page read(ListDirectoryResponse response) {
    return new Page(
        response.getEntriesList().stream().map(TrafficMessages::entry).toList(),
        response.getNextPageToken());
  }

  private static Entry entry(DirectoryEntry entry) {
    var modified = entry.getModified();
    return new Entry(
        entry.getName(),
        entry.getDirectory(),
        entry.getSizeBytes(),
        entry.getCachedBytes(),
        entry.hasModified()
            ? Instant.ofEpochSecond(modified.getSeconds(), modified.getNanos())
            : null,
        entry.getPending(),
        switch (entry.getCounted()) {
          case COUNTED_WHOLE -> Counted.WHOLE;
          case COUNTED_AT_LEAST -> Counted.AT_LEAST;
          case COUNTED_NOT, UNRECOGNIZED -> Counted.NOT;
        });
  }
}
