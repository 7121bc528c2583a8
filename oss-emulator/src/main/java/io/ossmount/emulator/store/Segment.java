package io.ossmount.emulator.store;

/**
 * A piece of a blob.
 *
 * @param blob its name
 * @param offset first byte in the blob
 * @param length bytes
 */
public record Segment(String blob, long offset, long length) {}
