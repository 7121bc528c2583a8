package io.ossmount.operator.dashboard.page;

import java.util.ArrayList;
import java.util.List;

/** Parts that several pages have: sections, tables, bars. Pure. */
final class Tables {
  private static final double WHOLE = 100;

  private Tables() {}

  /**
   * A column.
   *
   * @param number whether its cells are figures
   */
  record Column(String title, boolean number) {
    static Column text(String title) {
      return new Column(title, false);
    }

    static Column number(String title) {
      return new Column(title, true);
    }
  }

  /** A part of a page with a heading; what is in it is refreshed as a whole. */
  static Markup section(String id, String title, Markup content) {
    return Markup.of(
        """
        <section class="card" id="{}" data-live aria-labelledby="{}-title">
        <h2 id="{}-title">{}</h2>
        {}
        </section>
        """,
        id,
        id,
        id,
        title,
        content);
  }

  /**
   * Rows under columns; the first cell of a row is its header. On a narrow screen each row is a
   * list of its own. Without rows: {@code empty}.
   */
  static Markup table(String caption, List<Column> columns, List<List<Markup>> rows, String empty) {
    return rows.isEmpty()
        ? Markup.of("<p class=\"empty\">{}</p>", empty)
        : table(caption, Markup.of("stack"), columns, rows);
  }

  /** The same of figures, which stay in their columns on every screen. */
  static Markup grid(String caption, List<Column> columns, List<List<Markup>> rows) {
    return table(caption, Markup.of("grid"), columns, rows);
  }

  /** With the roles that a table has: styles that stack its rows would take them away. */
  private static Markup table(
      String caption, Markup style, List<Column> columns, List<List<Markup>> rows) {
    return Markup.of(
        """
        <div class="scroll" tabindex="0" role="region" aria-label="{}"><table role="table" class="{}">
        <caption class="hidden">{}</caption>
        <thead role="rowgroup"><tr role="row">{}</tr></thead>
        <tbody role="rowgroup">{}</tbody>
        </table></div>
        """,
        caption,
        style,
        caption,
        Markup.all(columns.stream().map(Tables::head).toList()),
        Markup.all(rows.stream().map(row -> row(columns, row)).toList()));
  }

  private static Markup head(Column column) {
    return column.number()
        ? Markup.of(
            "<th scope=\"col\" role=\"columnheader\" class=\"number\">{}</th>", column.title())
        : Markup.of("<th scope=\"col\" role=\"columnheader\">{}</th>", column.title());
  }

  private static Markup row(List<Column> columns, List<Markup> cells) {
    var row = new ArrayList<Markup>(cells.size());
    for (int i = 0; i < cells.size(); i++) {
      row.add(cell(i == 0, columns.get(i), cells.get(i)));
    }
    return Markup.of("<tr role=\"row\">{}</tr>", Markup.all(row));
  }

  private static Markup cell(boolean first, Column column, Markup content) {
    if (first) {
      return Markup.of("<th scope=\"row\" role=\"rowheader\">{}</th>", content);
    }
    return Markup.of(
        "<td role=\"cell\" data-label=\"{}\"{}>{}</td>",
        column.title(),
        column.number() ? Markup.of(" class=\"number\"") : Markup.NONE,
        content);
  }

  /** A share as a bar beside words that say the same. */
  static Markup bar(double part, String words) {
    return Markup.of(
        """
        <span class="share"><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="rail" width="100" height="8"/><rect class="fill" width="{}" height="8"/></svg>\
        <span>{}</span></span>\
        """,
        String.format(java.util.Locale.ROOT, "%.1f", Math.clamp(part, 0, 1) * WHOLE),
        words);
  }

  /** True, False or Unknown, by colour and by word. */
  static Markup badge(String status, String words) {
    return switch (status) {
      case "True" -> Markup.of("<span class=\"badge good\">{}</span>", words);
      case "False" -> Markup.of("<span class=\"badge bad\">{}</span>", words);
      default -> Markup.of("<span class=\"badge\">{}</span>", words);
    };
  }
}
