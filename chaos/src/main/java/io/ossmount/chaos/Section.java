package io.ossmount.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A section of a Markdown document that others write to as well: from a heading of the second level
 * to the next one.
 *
 * @param heading without its signs
 */
record Section(String heading) {
  private static final String NEXT = "\n## ";

  /** The document with this section's text, in the place of what it had or at the end. Pure. */
  String in(String document, String text) {
    var whole = "## " + heading + "\n\n" + text.strip() + "\n";
    var start = ("\n" + document).indexOf("\n## " + heading + "\n");
    if (start < 0) {
      return document.isBlank() ? whole : document.stripTrailing() + "\n\n" + whole;
    }
    var next = document.indexOf(NEXT, start + 1);
    return document.substring(0, start) + whole + (next < 0 ? "" : document.substring(next));
  }

  /** Writes it into a file. */
  void write(Path file, String text) throws IOException {
    Files.writeString(file, in(Files.exists(file) ? Files.readString(file) : "", text));
  }
}
