package io.ossmount.cache.fs;

import static java.util.stream.Collectors.toSet;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ossmount.cache.fs.BackingIds.Backed;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.SessionRecords;
import io.ossmount.proto.records.v1.Backing;
import io.ossmount.proto.records.v1.HandleRecord;
import io.ossmount.proto.records.v1.NodeRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back what the kernel holds of a session that another server has served: the nodes that it
 * may ask for without a name, and what is open. Before the first request. Asks nobody but the disk.
 *
 * <p>What was written and not uploaded is in the staging files, which the records name. It is lost
 * when the disk has lost them: its file is one without a name then, and its descriptors say so.
 */
final class Restoring {
  private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

  private final SessionContext context;
  private final BackingIds ids;
  private final SessionRecords records;
  private final Map<Long, NodeRecord> nodes = new HashMap<>();
  private final Map<Long, Long> lookups = new HashMap<>();
  private final Map<Long, HandleRecord> handles = new HashMap<>();
  private final Set<Integer> used = new HashSet<>();

  /** Of which the record is not what it was. */
  private final List<Inode> toNote = new ArrayList<>();

  /** Handles for reading that the kernel gave up while there was no server. */
  private final Map<Long, HandleRecord> released = new HashMap<>();

  /** The same for writing: what was written has to go up. */
  private final List<Long> releasedWriters = new ArrayList<>();

  Restoring(SessionContext context, BackingIds ids, SessionRecords records) {
    this.context = context;
    this.ids = ids;
    this.records = records;
  }

  /**
   * Restores all that there is.
   *
   * @param inherited backing ids that are open; those that no open file uses are closed
   * @return handles that were restored and that the kernel has given up: they are to be released
   */
  List<Long> run(List<Integer> inherited) {
    records.forEach(this::read);
    dropReleased();
    dropWithoutTree();
    nodes.forEach((id, record) -> {
      Inode inode = inode(record);
      boolean isCurrent = arePagesCurrent(record, inode);
      long looked = lookups.getOrDefault(id, 1L);
      context.nodes().restore(id, inode, looked, record.getSerializedSize(), isCurrent);
    });
    List<Long> lost = new ArrayList<>();
    handles.forEach((id, record) -> {
      if (!restore(id, record)) {
        lost.add(id);
      }
    });
    // The uploads of those that were claimed may have ended meanwhile.
    toNote.forEach(Inode::changed);
    lost.forEach(id -> records.remove(new SessionRecords.Key(SessionRecords.Kind.HANDLE, id)));
    context.nodes().restored();
    inherited.stream().filter(id -> !used.contains(id)).forEach(ids::closeInherited);
    if (!nodes.isEmpty() || !handles.isEmpty()) {
      LOG.info("{} nodes and {} open handles go on", nodes.size(), handles.size() - lost.size());
    }
    releasedWriters.removeAll(lost);
    return releasedWriters;
  }

  /** What was closed is not open any more, and its file is looked up again by its name. */
  private void dropReleased() {
    Set<Long> open = handles.values().stream().map(HandleRecord::getNode).collect(toSet());
    released.forEach((id, record) -> {
      records.remove(new SessionRecords.Key(SessionRecords.Kind.HANDLE, id));
      NodeRecord node = nodes.get(record.getNode());
      if (node != null && node.hasFile() && !open.contains(record.getNode())) {
        nodes.remove(record.getNode());
        records.remove(new SessionRecords.Key(SessionRecords.Kind.NODE, record.getNode()));
      }
    });
  }

  /** A nested mount that is not there any more: who asks for one of its nodes gets ESTALE. */
  private void dropWithoutTree() {
    nodes
        .entrySet()
        .removeIf(node -> {
          boolean isGone = context.mount().tree(node.getValue().getTree()).isEmpty();
          if (isGone) {
            records.remove(new SessionRecords.Key(SessionRecords.Kind.NODE, node.getKey()));
          }
          return isGone;
        });
  }

  private void read(SessionRecords.Key key, long count, byte[] body) {
    try {
      if (key.kind() == SessionRecords.Kind.HANDLE) {
        read(key.id(), count == SessionRecords.RELEASED, HandleRecord.parseFrom(body));
      } else if (key.id() != FileSystem.ROOT) {
        // The root is known anyway: its record is for who answers while there is no server.
        nodes.put(key.id(), NodeRecord.parseFrom(body));
        lookups.put(key.id(), count);
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("{} of the session cannot be read: {}", key, e.getMessage());
    }
  }

  private void read(long id, boolean isReleased, HandleRecord handle) {
    boolean isWriting = handle.getFile().getWriting();
    (isReleased && !isWriting ? released : handles).put(id, handle);
    if (isReleased && isWriting) {
      releasedWriters.add(id);
    }
  }

  /** The id with which the kernel reads a file itself. */
  private Optional<Backed> backed(long node) {
    NodeRecord record = nodes.get(node);
    if (record == null || !record.getFile().hasBacking()) {
      return Optional.empty();
    }
    Backing backing = record.getFile().getBacking();
    used.add(backing.getId());
    StoredVersion version =
        new StoredVersion(tree(record).blocks(), RecordForms.version(backing.getVersion(), record));
    return Optional.of(ids.adopt(backing.getId(), version));
  }

  private MountTree tree(NodeRecord record) {
    return context.mount().tree(record.getTree()).orElseThrow();
  }

  private Inode inode(NodeRecord record) {
    if (record.hasFile()) {
      return file(record, record.getFile());
    }
    MountTree tree = tree(record);
    Posix posix = Posix.of(record.getUserMap());
    DirectoryInode directory =
        new DirectoryInode(tree, record.getKey(), posix, RecordForms.instant(record.getModified()));
    Inode restored = tree.restore(directory, record.getDetached());
    saveAttributes(restored, record.getDirectory().getAttributesPending());
    return restored;
  }

  private FileInode file(NodeRecord record, NodeRecord.File form) {
    MountTree tree = tree(record);
    Optional<FileInode> left =
        form.getStaging().isEmpty()
            ? Optional.empty()
            : tree.left().claim(form.getStaging(), record.getDetached(), form.getDirty());
    if (left.isPresent()) {
      RecordForms.restore(record, left.get());
      toNote.add(left.get());
      saveAttributes(left.get(), form.getAttributesPending());
      return left.get();
    }
    FileInode file =
        new FileInode(
            tree,
            record.getKey(),
            form.hasVersion() ? RecordForms.version(form.getVersion(), record) : null,
            Posix.of(record.getUserMap()),
            RecordForms.instant(record.getModified()));
    file.posixKnown = form.getUserKnown();
    file.changed = RecordForms.instant(form.getChanged());
    file.dirty = form.getDirty() && form.getStaging().isEmpty();
    file.leftBehind = file.dirty;
    file.truncated = form.getTruncated();
    boolean isSomewhere = form.hasVersion() && !form.getWritten();
    file.lost = !file.dirty && !isSomewhere;
    Inode restored = tree.restore(file, record.getDetached() || file.lost);
    saveAttributes(restored, form.getAttributesPending());
    return (FileInode) restored;
  }

  /** Another session may have changed it, in this process or in one before. */
  private boolean arePagesCurrent(NodeRecord record, Inode inode) {
    if (!record.getFile().getPagesCurrent()) {
      return false;
    }
    boolean isCurrent =
        inode instanceof FileInode file
            && file.isStill(RecordForms.version(record.getFile().getVersion(), record))
            && (record.getDetached() || !file.isDetached());
    if (!isCurrent) {
      toNote.add(inode);
    }
    return isCurrent;
  }

  private static void saveAttributes(Inode inode, boolean isPending) {
    if (isPending && !inode.isDetached()) {
      inode.tree().uploads().attributes().later(inode);
    }
  }

  /** A handle; false when its node is not there. */
  private boolean restore(long id, HandleRecord record) {
    @Nullable Node node = context.nodes().find(record.getNode());
    Optional<Handle> handle = node == null ? Optional.empty() : handle(node, record);
    handle.ifPresent(open -> context.handles().restore(id, open));
    return handle.isPresent();
  }

  private Optional<Handle> handle(Node node, HandleRecord record) {
    return switch (node.inode()) {
      case FileInode file when record.hasFile() -> {
        boolean writing = record.getFile().getWriting();
        file.open(file.tree().blocks(), writing);
        file.retain();
        context.passthrough().restore(node, () -> backed(node.id()));
        yield Optional.of(new Handle.OfFile(file, writing, record.getFile().getAppend(), node));
      }
      case DirectoryInode directory when record.hasDirectory() -> {
        var position = RecordForms.position(record.getDirectory());
        directory.retain();
        yield Optional.of(
            new Handle.OfDirectory(
                directory, new DirectoryStream(directory.tree(), directory.key(), position), node));
      }
      case FileInode _, DirectoryInode _ -> Optional.empty();
    };
  }
}
