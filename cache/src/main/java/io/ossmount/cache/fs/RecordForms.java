package io.ossmount.cache.fs;

import io.ossmount.cache.store.ObjectVersion;
import io.ossmount.fuse.Attributes;
import io.ossmount.proto.records.v1.Backing;
import io.ossmount.proto.records.v1.HandleRecord;
import io.ossmount.proto.records.v1.NodeRecord;
import io.ossmount.proto.records.v1.Time;
import io.ossmount.proto.records.v1.Version;
import java.time.Instant;
import java.util.Optional;

/** Nodes and handles in the form in which a session's memory keeps them. */
final class RecordForms {
  private RecordForms() {}

  /** An inode, how the kernel reads it, and what {@code view} shows of it. */
  static NodeRecord of(Node node, View view) {
    Inode inode = node.inode();
    var record =
        NodeRecord.newBuilder()
            .setTree(inode.tree().id())
            .setKey(inode.key())
            .setDetached(inode.isDetached());
    switch (inode) {
      case DirectoryInode directory -> {
        fill(record, directory);
        record.setAttributes(of(view.of(directory)));
      }
      case FileInode file -> {
        fill(record, file, node);
        fill(record, file, view);
      }
    }
    return record.build();
  }

  /** Who writes to a file would have to write this down each time. */
  private static void fill(NodeRecord.Builder record, FileInode file, View view) {
    synchronized (file) {
      if (!file.isLocal() && !file.lost) {
        record.setAttributes(of(view.of(file)));
      }
    }
  }

  private static io.ossmount.proto.records.v1.Attributes of(Attributes shown) {
    return io.ossmount.proto.records.v1.Attributes.newBuilder()
        .setInode(shown.inode())
        .setSize(shown.size())
        .setMode(shown.mode())
        .setLinks(shown.links())
        .setUid(shown.uid())
        .setGid(shown.gid())
        .setAccessed(of(shown.accessed()))
        .setModified(of(shown.modified()))
        .setChanged(of(shown.changed()))
        .build();
  }

  private static void fill(NodeRecord.Builder record, DirectoryInode directory) {
    synchronized (directory) {
      fill(record, directory.posix());
      record
          .setModified(of(directory.modified()))
          .setDirectory(
              NodeRecord.Directory.newBuilder().setAttributesPending(directory.isPending()));
    }
  }

  /** What a record tells besides the bytes of a file that an earlier process had written to. */
  static void restore(NodeRecord record, FileInode file) {
    Posix posix = Posix.of(record.getUserMap());
    Instant modified = posix.modified().orElse(instant(record.getModified()));
    synchronized (file) {
      boolean isOlder = posix.modified().isEmpty() && modified.isBefore(file.modified);
      file.posix = posix;
      file.posixKnown = record.getFile().getUserKnown();
      file.modified = isOlder ? file.modified : modified;
      file.changed = isOlder ? file.modified : instant(record.getFile().getChanged());
    }
  }

  private static void fill(NodeRecord.Builder record, FileInode file, Node node) {
    synchronized (file) {
      var form =
          NodeRecord.File.newBuilder()
              .setUserKnown(file.posixKnown)
              .setChanged(of(file.changed))
              .setWritten(file.dirty || file.lost)
              .setDirty(file.dirty && !file.lost)
              .setTruncated(file.truncated)
              .setAttributesPending(file.attributesPending)
              .setPagesCurrent(node.arePagesCurrent());
      if (file.version != null) {
        form.setVersion(of(file.version, file.key()));
      }
      if (file.staged != null) {
        form.setStaging(file.staged.name());
      }
      node.backed()
          .ifPresent(of ->
              form.setBacking(
                  Backing.newBuilder().setId(of.id()).setVersion(of(of.version(), file.key()))));
      fill(record, file.posix);
      record.setModified(of(file.modified)).setFile(form);
    }
  }

  /** Most files have nothing of it, and an empty map costs as much as all the rest. */
  private static void fill(NodeRecord.Builder record, Posix posix) {
    if (!posix.equals(Posix.NOTHING)) {
      record.putAllUser(posix.toUser());
    }
  }

  /** An open descriptor. */
  static HandleRecord of(Handle handle) {
    var record = HandleRecord.newBuilder().setNode(handle.node().id());
    switch (handle) {
      case Handle.OfFile file ->
          record.setFile(
              HandleRecord.OpenFile.newBuilder()
                  .setWriting(file.writing())
                  .setAppend(file.append()));
      case Handle.OfDirectory directory -> {
        DirectoryStream.Position position = directory.stream().position();
        record.setDirectory(
            HandleRecord.OpenDirectory.newBuilder()
                .setNumber(position.number())
                .setAfter(position.after())
                .setToken(position.token().orElse("")));
      }
    }
    return record.build();
  }

  private static Time of(Instant instant) {
    return Time.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Instant instant(Time time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /** The node's own key is in the record already. */
  private static Version of(ObjectVersion version, String key) {
    return Version.newBuilder()
        .setKey(version.key().equals(key) ? "" : version.key())
        .setEtag(version.etag())
        .setSize(version.size())
        .build();
  }

  /** Of a node's record. */
  static ObjectVersion version(Version version, NodeRecord of) {
    String key = version.getKey().isEmpty() ? of.getKey() : version.getKey();
    return new ObjectVersion(key, version.getEtag(), version.getSize());
  }

  static DirectoryStream.Position position(HandleRecord.OpenDirectory open) {
    return new DirectoryStream.Position(
        open.getNumber(),
        open.getAfter(),
        open.getToken().isEmpty() ? Optional.empty() : Optional.of(open.getToken()));
  }
}
