package io.ossmount.emulator.fault;

/** Patterns with {@code *} and {@code ?}; matched without recursion, in time O(pattern * text). */
final class KeyPattern {
  private KeyPattern() {}

  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1; // where the latest star stands, and what it has swallowed up to
    int swallowed = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        swallowed = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++swallowed;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
