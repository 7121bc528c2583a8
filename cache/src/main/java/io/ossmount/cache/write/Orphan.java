package io.ossmount.cache.write;

import io.ossmount.cache.store.ObjectVersion;
import java.util.Optional;

/**
 * A staged file that an earlier process left.
 *
 * @param name as {@link StagedFile#name()}
 * @param key key of the object that it was to become
 * @param base version that shows where nothing was written
 * @param isClosed whether its last writer was gone: it wants to be uploaded
 * @param made what OSS has made of it, if that is known and nothing was written since
 * @param successor name of the staging file that stands for this one, whose bytes are not wanted
 * @param isHere whether its bytes are in the staging area; else they are in the cache, or were
 *     deleted, after OSS had made the object
 */
public record Orphan(
    String name,
    String key,
    Optional<ObjectVersion> base,
    boolean isClosed,
    Optional<ObjectVersion> made,
    Optional<String> successor,
    boolean isHere) {
  static Orphan of(StagingJournal journal, boolean isHere) {
    StagedState state = journal.state();
    return new Orphan(
        journal.name(),
        state.key(),
        state.base(),
        state.isClosed(),
        state.made(),
        state.successor(),
        isHere);
  }
}
