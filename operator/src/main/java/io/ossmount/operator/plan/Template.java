package io.ossmount.operator.plan;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of a cache pod its configuration does not change, in parts, each by its hash. The operator
 * writes it on the pod ({@code ossmount.io/template}) and compares it later: the pod itself may
 * look different, admission plugins change it.
 *
 * @param parts hashes by the names that users know the parts by
 */
public record Template(SortedMap<String, String> parts) {
  /** The part that is the container's image; running pods can be given another. */
  public static final String IMAGE = "image";

  /** The part that is the container's resources; those of running pods can be changed as well. */
  public static final String RESOURCES = "resources";

  /** Copies. */
  public Template {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  /** The template whose parts have these contents. */
  public static Template ofContents(Map<String, String> contents) {
    var parts = new TreeMap<String, String>();
    contents.forEach((name, content) -> parts.put(name, Hashes.brief(content)));
    return new Template(parts);
  }

  /** Reads what {@link #text} wrote; of any other text, a template that equals none. */
  static Template parse(String text) {
    var parts = new TreeMap<String, String>();
    for (var part : text.split(",", -1)) {
      var pair = part.split("=", 2);
      parts.put(pair[0], pair.length == 2 ? pair[1] : "");
    }
    return new Template(parts);
  }

  /** As it stands on a pod. */
  public String text() {
    return parts.entrySet().stream()
        .map(part -> part.getKey() + "=" + part.getValue())
        .collect(joining(","));
  }

  /** This template with some parts of another. */
  Template with(List<String> names, Template other) {
    var mixed = new TreeMap<>(parts);
    names.forEach(name -> mixed.put(name, other.parts.getOrDefault(name, "")));
    return new Template(mixed);
  }

  /** Whether another has the same in a part. */
  boolean hasSame(String part, Template other) {
    return Objects.equals(parts.get(part), other.parts.get(part));
  }

  /** Names of this template's parts that another has differently or not at all. */
  List<String> differences(Template other) {
    return parts.entrySet().stream()
        .filter(part -> !Objects.equals(other.parts.get(part.getKey()), part.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
