package io.ossmount.cache.fs;

/**
 * What became of uploads of files since the process began.
 *
 * @param done OSS has the file
 * @param failed told to who waits, or tried again
 * @param setAside given up: what was written is kept in the staging directory, and the log names it
 */
public record UploadCounts(long done, long failed, long setAside) {}
