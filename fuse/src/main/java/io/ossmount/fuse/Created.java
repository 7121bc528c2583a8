package io.ossmount.fuse;

/** A file that was made and opened in one step: answer of FUSE_CREATE. */
public record Created(Entry entry, Opened opened) {}
