/**
 * Buckets, objects and uploads on disk, with a sorted index of the keys in memory.
 *
 * <p>Layout of the directory: {@code blobs/} holds immutable files of bytes with random names;
 * {@code buckets/NAME/objects/} holds one small JSON file for each object, named by the SHA-256 of
 * its key, that lists the pieces of blobs that the object is made of; {@code
 * buckets/NAME/uploads/ID/} the same for the parts of an upload. So a PUT is atomic (the JSON file
 * is renamed into place), a copy or a completed upload moves no bytes, and no key is ever a file
 * name. A blob that nothing refers to is deleted, at the latest when the directory is opened again.
 * Nothing is synced: it survives the death of the process, not that of the machine.
 *
 * <p>Lock order: a {@code Bucket}'s lock, then {@code Blobs}.
 *
 * <p>Must not know HTTP, XML or who asks. Start with {@link io.ossmount.emulator.store.Buckets}.
 */
@NullMarked
package io.ossmount.emulator.store;

import org.jspecify.annotations.NullMarked;
