/**
 * Written bytes on their way to OSS: staging files on the cache disk, and their upload. {@link
 * io.ossmount.cache.write.StagedFile} holds what was written to one file, {@link
 * io.ossmount.cache.write.Uploader} makes an object of it, and {@link
 * io.ossmount.cache.write.StagingJournal} tells the next process of both when this one is killed.
 * Knows objects and ranges, not names, nodes or sessions.
 */
@NullMarked
package io.ossmount.cache.write;

import org.jspecify.annotations.NullMarked;
