package io.ossmount.operator.dashboard.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks for a token of Kubernetes. Pure. */
public final class LoginPage {
  private LoginPage() {}

  /**
   * The page.
   *
   * @param problem why the last try was not good; null: there was none
   */
  public static Markup of(@Nullable String problem) {
    return Layout.page(
        "Log in",
        null,
        List.of(),
        Markup.of(
            """
            <section class="card narrow">
            <h1>Log in</h1>
            {}
            <form method="post" action="/login" class="login">
            <label for="token">Bearer token of your cluster</label>
            <input id="token" name="token" type="password" required autofocus autocomplete="off"
             autocapitalize="off" spellcheck="false"{}>
            <p id="hint">You see the OssMounts of the namespaces in which the token's user may <code>get ossmounts</code>.
            A token of a service account is made by</p>
            <pre>kubectl -n NAMESPACE create token SERVICE-ACCOUNT</pre>
            <button type="submit">Log in</button>
            </form>
            </section>
            """,
            problem == null
                ? Markup.NONE
                : Markup.of("<p class=\"alert\" role=\"alert\" id=\"problem\">{}</p>", problem),
            problem == null
                ? Markup.of(" aria-describedby=\"hint\"")
                : Markup.of(" aria-describedby=\"problem hint\" aria-invalid=\"true\"")));
  }
}
