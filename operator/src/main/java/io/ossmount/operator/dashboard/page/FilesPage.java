package io.ossmount.operator.dashboard.page;

import static io.ossmount.operator.dashboard.page.Tables.Column.number;
import static io.ossmount.operator.dashboard.page.Tables.Column.text;

import io.ossmount.operator.control.DirectoryAnswer;
import io.ossmount.operator.control.DirectoryAnswer.Counted;
import io.ossmount.operator.control.DirectoryAnswer.Entry;
import io.ossmount.operator.dashboard.page.Layout.Crumb;
import io.ossmount.operator.dashboard.page.Layout.Visitor;
import java.util.ArrayList;
import java.util.List;

/** A directory of a mount, as one of its cache pods sees it. Pure. */
public final class FilesPage {
  private static final List<Tables.Column> COLUMNS =
      List.of(
          text("Name"), number("Size"), text("Cached"), number("Bytes cached"), text("Modified"));

  private FilesPage() {}

  /**
   * What was asked for, and the answer.
   *
   * @param node whose cache pod was asked
   * @param nodes with a cache pod
   * @param path of the directory; "": the root
   * @param first whether this is the first page of it
   */
  public record Directory(
      String namespace,
      String mount,
      String node,
      List<String> nodes,
      String path,
      boolean first,
      DirectoryAnswer answer) {}

  /** The page. */
  public static Markup of(Directory directory, Visitor visitor) {
    return Layout.page(
        "Files of " + directory.mount(),
        visitor,
        List.of(
            new Crumb("OssMounts", Links.HOME),
            new Crumb(
                directory.namespace() + "/" + directory.mount(),
                Links.mount(directory.namespace(), directory.mount())),
            new Crumb("Files", null)),
        Markup.of(
            """
            <div class="headline"><h1>Files of {}</h1></div>
            <nav class="path card" aria-label="Directory"><ol>{}</ol></nav>
            {}
            <section class="card" aria-label="Entries">{}</section>
            """,
            directory.mount(),
            Markup.all(way(directory)),
            nodes(directory),
            content(directory)));
  }

  /** From the root to the directory. */
  private static List<Markup> way(Directory directory) {
    var way = new ArrayList<Markup>();
    boolean isRoot = directory.path().isEmpty();
    way.add(step(directory, "/", "", isRoot));
    if (isRoot) {
      return way;
    }
    var path = new StringBuilder();
    var names = directory.path().split("/", -1);
    for (int i = 0; i < names.length; i++) {
      path.append(i == 0 ? "" : "/").append(names[i]);
      way.add(step(directory, names[i], path.toString(), i == names.length - 1));
    }
    return way;
  }

  private static Markup step(Directory directory, String label, String path, boolean isLast) {
    return isLast
        ? Markup.of("<li aria-current=\"location\">{}</li>", label)
        : Markup.of("<li><a href=\"{}\">{}</a></li>", link(directory, path, ""), label);
  }

  private static Markup nodes(Directory directory) {
    if (directory.nodes().size() < 2) {
      return Markup.of("<p class=\"sub\">As the cache of node {} has them.</p>", directory.node());
    }
    return Markup.of(
        "<nav class=\"nodes\" aria-label=\"Node\"><span>As the cache of node</span><ul>{}</ul></nav>",
        Markup.all(
            directory.nodes().stream()
                .map(node ->
                    node.equals(directory.node())
                        ? Markup.of("<li aria-current=\"true\">{}</li>", node)
                        : Markup.of(
                            "<li><a href=\"{}\">{}</a></li>",
                            Links.files(
                                directory.namespace(),
                                directory.mount(),
                                node,
                                directory.path(),
                                ""),
                            node))
                .toList()));
  }

  private static Markup content(Directory directory) {
    return switch (directory.answer()) {
      case DirectoryAnswer.Missing _ ->
          Markup.of("<p class=\"empty\">There is no such directory.</p>");
      case DirectoryAnswer.Failed(String why) ->
          Markup.of("<p class=\"alert\" role=\"alert\">The cache pod did not tell: {}</p>", why);
      case DirectoryAnswer.Page page ->
          Markup.of("{}{}", entries(directory, page), pages(directory, page));
    };
  }

  private static Markup entries(Directory directory, DirectoryAnswer.Page page) {
    return Tables.table(
        "Entries",
        COLUMNS,
        page.entries().stream()
            .map(entry -> entry.directory() ? directory(directory, entry) : file(entry))
            .toList(),
        directory.first() ? "The directory is empty." : "There are no more entries.");
  }

  private static List<Markup> directory(Directory in, Entry entry) {
    var path = in.path().isEmpty() ? entry.name() : in.path() + "/" + entry.name();
    var name =
        Markup.of("<a class=\"path dir\" href=\"{}\">{}/</a>", link(in, path, ""), entry.name());
    return switch (entry.counted()) {
      case NOT ->
          List.of(
              name,
              Markup.text(Format.NOTHING),
              Markup.of("<span class=\"quiet\">not counted</span>"),
              Markup.text(Format.NOTHING),
              Markup.text(Format.NOTHING));
      case AT_LEAST ->
          List.of(
              name,
              Markup.text("≥ " + Format.bytes(entry.sizeBytes())),
              cached(entry, " of the first 1,000 files"),
              Markup.text("≥ " + Format.bytes(entry.cachedBytes())),
              Markup.text(Format.NOTHING));
      case WHOLE -> {
        var row = new ArrayList<>(figures(entry, ""));
        row.addFirst(name);
        yield row;
      }
    };
  }

  private static List<Markup> file(Entry entry) {
    var row = new ArrayList<>(figures(entry, entry.pending() ? ", not in OSS yet" : ""));
    row.addFirst(Markup.of("<span class=\"path\">{}</span>", entry.name()));
    return row;
  }

  private static List<Markup> figures(Entry entry, String more) {
    return List.of(
        Markup.text(Format.bytes(entry.sizeBytes())),
        cached(entry, more),
        Markup.text(Format.bytes(entry.cachedBytes())),
        Markup.text(entry.modified() == null ? Format.NOTHING : Format.date(entry.modified())));
  }

  private static Markup cached(Entry entry, String more) {
    if (entry.sizeBytes() == 0) {
      return Markup.text(entry.counted() == Counted.WHOLE ? "empty" + more : Format.NOTHING);
    }
    double part = (double) entry.cachedBytes() / entry.sizeBytes();
    return Tables.bar(part, Format.percent(part) + more);
  }

  private static Markup pages(Directory directory, DirectoryAnswer.Page page) {
    var first =
        directory.first()
            ? Markup.NONE
            : Markup.of("<a href=\"{}\">First page</a>", link(directory, directory.path(), ""));
    var next =
        page.nextPageToken().isEmpty()
            ? Markup.NONE
            : Markup.of(
                "<a rel=\"next\" href=\"{}\">Next page</a>",
                link(directory, directory.path(), page.nextPageToken()));
    return first.equals(Markup.NONE) && next.equals(Markup.NONE)
        ? Markup.NONE
        : Markup.of("<nav class=\"pages\" aria-label=\"Pages\">{} {}</nav>", first, next);
  }

  private static String link(Directory directory, String path, String pageToken) {
    return Links.files(directory.namespace(), directory.mount(), directory.node(), path, pageToken);
  }
}
