package io.ossmount.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code /metrics} answered.
 *
 * @param types of the metrics, by their names
 * @param labels of the metrics, without those of buckets
 * @param samples values of the series, as {@code name{label="value"}}
 */
record Scrape(
    Map<String, String> types, Map<String, Set<String>> labels, Map<String, Double> samples) {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  /** Asks this machine's port. */
  static Scrape of(int port) throws IOException {
    URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
    try (InputStream answer = metrics.toURL().openStream()) {
      return parse(new String(answer.readAllBytes(), UTF_8));
    }
  }

  /** The value of a series that has to be there. */
  double value(String series) {
    Double value = samples.get(series);
    if (value == null) {
      throw new AssertionError(series + " is not in " + samples.keySet());
    }
    return value;
  }

  /** The same of one that is there only once something was counted; else 0. */
  double count(String series) {
    return samples.getOrDefault(series, 0.0);
  }

  private static Scrape parse(String text) {
    Scrape scrape = new Scrape(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    Set<String> labels = new TreeSet<>();
    for (String line : text.split("\n", -1)) {
      Matcher type = TYPE.matcher(line);
      if (type.matches()) {
        labels = new TreeSet<>();
        scrape.types.put(type.group(1), type.group(2));
        scrape.labels.put(type.group(1), labels);
      } else if (!line.startsWith("#") && !line.isEmpty()) {
        int end = line.lastIndexOf(' ');
        scrape.samples.put(line.substring(0, end), Double.parseDouble(line.substring(end + 1)));
        labels.addAll(LABEL.matcher(line).results().map(label -> label.group(1)).toList());
        labels.remove("le");
      }
    }
    return scrape;
  }
}
