package io.ossmount.fuse.protocol;

import io.ossmount.fuse.Attributes;
import io.ossmount.fuse.Created;
import io.ossmount.fuse.Done;
import io.ossmount.fuse.Errno;
import io.ossmount.fuse.FileSystem;
import io.ossmount.fuse.FuseException;
import io.ossmount.fuse.OpenFlags;
import io.ossmount.fuse.Outcome;
import io.ossmount.fuse.SetAttributes;
import java.lang.foreign.MemorySegment;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/** Each operation: its argument taken apart, the file system called, its outcome encoded. */
final class Operations {
  private static final int MAKE_NODE_FLAGS =
      OpenFlags.CREATE | OpenFlags.EXCLUSIVE | OpenFlags.WRITE_ONLY;

  private final FileSystem files;
  private final InstantSource clock;

  Operations(FileSystem files, InstantSource clock) {
    this.files = files;
    this.clock = clock;
  }

  /** Calls the file system; what it throws goes to the caller. */
  Handled handle(Request request, Answer answer) {
    return switch (request.opcode()) {
      case LOOKUP, READLINK, SYMLINK, MKNOD, MKDIR, UNLINK, RMDIR, RENAME, RENAME2, LINK ->
          handleName(request, answer);
      case READ, WRITE -> handleData(request, answer);
      case OPENDIR, READDIR, READDIRPLUS, RELEASEDIR, FSYNCDIR -> handleDirectory(request, answer);
      case GETATTR, SETATTR, STATFS -> handleAttributes(request, answer);
      case OPEN, CREATE, FLUSH, RELEASE, FSYNC -> handleFile(request, answer);
      case FORGET, BATCH_FORGET -> forget(request);
      case INIT, DESTROY -> new Handled.Answered(answer.success(0));
      case INTERRUPT -> Handled.NO_ANSWER;
    };
  }

  private Handled handleName(Request request, Answer answer) {
    return switch (request.opcode()) {
      case LOOKUP ->
          handled(
              files.lookup(request.caller(), request.node(), request.name()),
              answer,
              answer::entry);
      case READLINK ->
          handled(files.readlink(request.caller(), request.node()), answer, answer::text);
      case SYMLINK ->
          handled(
              files.symlink(request.caller(), request.node(), request.name(), request.linkTarget()),
              answer,
              answer::entry);
      case MKNOD -> makeNode(request, answer);
      case MKDIR -> {
        int mode = MkdirIn.decode(request.argument()).mode();
        yield handled(
            files.mkdir(request.caller(), request.node(), request.name(), mode),
            answer,
            answer::entry);
      }
      case UNLINK -> done(files.unlink(request.caller(), request.node(), request.name()), answer);
      case RMDIR -> done(files.rmdir(request.caller(), request.node(), request.name()), answer);
      case RENAME ->
          rename(request, new Rename2In(RenameIn.decode(request.argument()).newdir(), 0), answer);
      case RENAME2 -> rename(request, Rename2In.decode(request.argument()), answer);
      // link(2): "the file system does not support the creation of hard links".
      case LINK -> throw new FuseException(Errno.EPERM);
      default -> throw new IllegalStateException(request.opcode().name());
    };
  }

  private Handled rename(Request request, Rename2In in, Answer answer) {
    return done(
        files.rename(
            request.caller(),
            request.node(),
            request.name(),
            in.newdir(),
            request.secondName(),
            in.flags()),
        answer);
  }

  /** mknod(2) of a regular file is create and close; there are no other special files. */
  private Handled makeNode(Request request, Answer answer) {
    MknodIn in = MknodIn.decode(request.argument());
    if ((in.mode() & Attributes.TYPE_MASK) != Attributes.REGULAR) {
      throw new FuseException(Errno.EPERM);
    }
    String name = request.name();
    Outcome<Created> outcome =
        Outcome.later(() -> {
          Created created =
              await(
                  files.create(request.caller(), request.node(), name, in.mode(), MAKE_NODE_FLAGS));
          await(files.release(created.entry().node(), created.opened().handle()));
          return created;
        });
    return handled(outcome, answer, created -> answer.entry(created.entry()));
  }

  private static <T> T await(Outcome<T> outcome) throws Exception {
    return switch (outcome) {
      case Outcome.Now<T>(T value) -> value;
      case Outcome.Later<T>(var work) -> work.call();
    };
  }

  private Handled handleData(Request request, Answer answer) {
    if (request.opcode() == Opcode.READ) {
      ReadIn in = ReadIn.decode(request.argument());
      requireRange(in.offset(), in.size());
      MemorySegment into = room(answer, in.size());
      return handled(
          files.read(request.caller(), request.node(), in.fh(), in.offset(), into),
          answer,
          count -> answer.read(count, in.size()));
    }
    WriteIn in = WriteIn.decode(request.argument());
    requireRange(in.offset(), in.size());
    MemorySegment from = request.data(in.size());
    return handled(
        files.write(request.caller(), request.node(), in.fh(), in.offset(), from),
        answer,
        count -> answer.written(count, in.size()));
  }

  private static void requireRange(long offset, int size) {
    if (offset < 0 || offset > Long.MAX_VALUE - Math.max(0, size)) {
      throw new FuseException(Errno.EINVAL, "range outside of any file");
    }
  }

  private static MemorySegment room(Answer answer, int size) {
    MemorySegment payload = answer.payload();
    if (size < 0 || size > payload.byteSize()) {
      throw new FuseException(Errno.EINVAL, "wants more than a request may");
    }
    return payload.asSlice(0, size);
  }

  private Handled handleDirectory(Request request, Answer answer) {
    return switch (request.opcode()) {
      case OPENDIR ->
          handled(files.opendir(request.caller(), request.node()), answer, answer::opened);
      case READDIR -> list(request, answer, false);
      case READDIRPLUS -> list(request, answer, true);
      case RELEASEDIR -> {
        ReleaseIn in = ReleaseIn.decode(request.argument());
        yield done(files.releasedir(request.node(), in.fh()), answer);
      }
      case FSYNCDIR -> {
        FsyncIn in = FsyncIn.decode(request.argument());
        yield done(
            files.fsyncdir(request.caller(), request.node(), in.fh(), in.dataOnly()), answer);
      }
      default -> throw new IllegalStateException(request.opcode().name());
    };
  }

  private Handled list(Request request, Answer answer, boolean plus) {
    ReadIn in = ReadIn.decode(request.argument());
    DirectoryPage page = new DirectoryPage(room(answer, in.size()), plus);
    return handled(
        files.readdir(request.caller(), request.node(), in.fh(), in.offset(), page),
        answer,
        done -> answer.listing(page));
  }

  private Handled handleAttributes(Request request, Answer answer) {
    return switch (request.opcode()) {
      case GETATTR -> {
        GetattrIn in = GetattrIn.decode(request.argument());
        long handle = in.hasHandle() ? in.fh() : FileSystem.NO_HANDLE;
        yield handled(
            files.getattr(request.caller(), request.node(), handle), answer, answer::attributes);
      }
      case SETATTR -> {
        SetAttributes changes = SetattrIn.decode(request.argument()).changes(clock.instant());
        requireRange(changes.size().orElse(0), 0);
        yield handled(
            files.setattr(request.caller(), request.node(), changes), answer, answer::attributes);
      }
      case STATFS ->
          handled(files.statfs(request.caller(), request.node()), answer, answer::statistics);
      default -> throw new IllegalStateException(request.opcode().name());
    };
  }

  private Handled handleFile(Request request, Answer answer) {
    return switch (request.opcode()) {
      case OPEN -> {
        int flags = OpenIn.decode(request.argument()).flags();
        yield handled(files.open(request.caller(), request.node(), flags), answer, answer::opened);
      }
      case CREATE -> {
        CreateIn in = CreateIn.decode(request.argument());
        yield handled(
            files.create(request.caller(), request.node(), request.name(), in.mode(), in.flags()),
            answer,
            answer::created);
      }
      case FLUSH -> {
        FlushIn in = FlushIn.decode(request.argument());
        yield done(files.flush(request.caller(), request.node(), in.fh()), answer);
      }
      case RELEASE -> {
        ReleaseIn in = ReleaseIn.decode(request.argument());
        yield done(files.release(request.node(), in.fh()), answer);
      }
      case FSYNC -> {
        FsyncIn in = FsyncIn.decode(request.argument());
        yield done(files.fsync(request.caller(), request.node(), in.fh(), in.dataOnly()), answer);
      }
      default -> throw new IllegalStateException(request.opcode().name());
    };
  }

  private Handled forget(Request request) {
    if (request.opcode() == Opcode.FORGET) {
      files.forget(request.node(), ForgetIn.decode(request.argument()).nlookup());
      return Handled.NO_ANSWER;
    }
    MemorySegment argument = request.argument();
    int count = BatchForgetIn.decode(argument).count();
    MemorySegment nodes = argument.asSlice(BatchForgetIn.BYTES);
    if (count < 0 || count > nodes.byteSize() / ForgetOne.BYTES) {
      throw new FuseException(Errno.EINVAL, "fewer nodes than announced");
    }
    for (int i = 0; i < count; i++) {
      ForgetOne one = ForgetOne.decode(nodes.asSlice((long) i * ForgetOne.BYTES));
      files.forget(one.nodeid(), one.nlookup());
    }
    return Handled.NO_ANSWER;
  }

  private static Handled done(Outcome<Done> outcome, Answer answer) {
    return handled(outcome, answer, done -> answer.success(0));
  }

  private static <T> Handled handled(
      Outcome<T> outcome, Answer answer, ToIntFunction<? super T> encode) {
    return switch (outcome) {
      case Outcome.Now<T>(T value) -> new Handled.Answered(encode.applyAsInt(value));
      case Outcome.Later<T>(var work) ->
          new Handled.Pending(() -> {
            try {
              return encode.applyAsInt(work.call());
            } catch (Throwable e) {
              return ProtocolServer.failure(e, answer);
            }
          });
    };
  }
}
