package io.ossmount.cache.fs;

import java.util.Set;

/** What random operations are done to: a file system asked directly, or a mount. */
interface Target {
  /** An open file. */
  interface OpenFile {
    void write(long offset, byte[] bytes);

    byte[] read(long offset, int length);

    long size();

    void truncate(long size);

    void fsync();

    void close();
  }

  OpenFile create(String path);

  OpenFile open(String path, boolean writing, boolean append, boolean truncate);

  void truncate(String path, long size);

  void unlink(String path);

  void mkdir(String path);

  void rmdir(String path);

  void rename(String from, String to);

  /** Names; those of directories end with "/". */
  Set<String> list(String path);

  byte[] read(String path);
}
