package io.ossmount.emulator.store;

import java.util.Map;

/**
 * An object that is to be made.
 *
 * @param key its name
 * @param type what makes it
 * @param content its bytes, retained by the caller until it is made
 * @param attributes headers to keep
 * @param symlinkTarget "" if it is none
 * @param forbidsOverwrite refuse when there is one of that name
 */
public record Draft(
    String key,
    ObjectType type,
    StoredObject.Content content,
    Map<String, String> attributes,
    String symlinkTarget,
    boolean forbidsOverwrite) {
  StoredObject finished(StoredObject.Content finalContent, long nowSeconds) {
    return new StoredObject(key, type, finalContent, nowSeconds, attributes, symlinkTarget);
  }
}
