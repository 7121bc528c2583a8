package io.ossmount.operator.dashboard.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all pages have around their content. Pure. */
public final class Layout {
  private Layout() {}

  /**
   * Who looks.
   *
   * @param name as Kubernetes knows the user
   * @param formToken shows that a form comes from a page of this session; null: there is no
   *     session, a token came with the request
   */
  public record Visitor(String name, @Nullable String formToken) {}

  /**
   * A way back.
   *
   * @param link null: this page
   */
  record Crumb(String label, @Nullable String link) {}

  /** A whole document. */
  static Markup page(String title, @Nullable Visitor visitor, List<Crumb> crumbs, Markup content) {
    return Markup.of(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{} · OssMount</title>
        <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
        <link rel="stylesheet" href="/assets/dashboard.css">
        <script src="/assets/dashboard.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#content">Skip to content</a>
        <header class="top">
        <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="24" height="24">OssMount</a>
        {}
        {}
        </header>
        <main id="content" tabindex="-1">
        {}
        </main>
        <footer class="foot">Read-only. Times are in UTC; figures are those that the cache pods told last.</footer>
        </body>
        </html>
        """,
        title,
        crumbs.isEmpty() ? Markup.NONE : crumbs(crumbs),
        visitor == null ? Markup.NONE : visitor(visitor),
        content);
  }

  /** A page that says that something is not as it was wished. */
  public static Markup problem(String title, String what, @Nullable Visitor visitor) {
    return page(
        title,
        visitor,
        List.of(),
        Markup.of(
            """
            <section class="card narrow">
            <h1>{}</h1>
            <p>{}</p>
            <p><a href="/">All OssMounts</a></p>
            </section>
            """,
            title,
            what));
  }

  private static Markup crumbs(List<Crumb> crumbs) {
    return Markup.of(
        "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol>{}</ol></nav>",
        Markup.all(
            crumbs.stream()
                .map(crumb ->
                    crumb.link() == null
                        ? Markup.of("<li aria-current=\"page\">{}</li>", crumb.label())
                        : Markup.of("<li><a href=\"{}\">{}</a></li>", crumb.link(), crumb.label()))
                .toList()));
  }

  private static Markup visitor(Visitor visitor) {
    var name =
        Markup.of("<span class=\"who\" title=\"{}\">{}</span>", visitor.name(), visitor.name());
    return visitor.formToken() == null
        ? Markup.of("<div class=\"visitor\">{}</div>", name)
        : Markup.of(
            """
            <div class="visitor">{}
            <form method="post" action="/logout">
            <input type="hidden" name="form" value="{}">
            <button type="submit" class="quiet">Log out</button>
            </form></div>
            """,
            name,
            visitor.formToken());
  }
}
