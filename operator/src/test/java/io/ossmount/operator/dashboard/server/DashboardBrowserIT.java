package io.ossmount.operator.dashboard.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.ossmount.operator.dashboard.DashboardScene;
import io.ossmount.operator.dashboard.ServedDashboard;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/**
 * Looks at the dashboard with a real browser: the Chromium that {@code build/packages} installs.
 * Leaves pictures in {@code target/screenshots}.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(180)
class DashboardBrowserIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final int WIDE = 1280;
  private static final int NARROW = 400;

  /** None of what a browser asks its maker for. */
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private ServedDashboard served;
  private Playwright playwright;
  private Browser browser;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  @SuppressWarnings("NullAway") // Set before the first test.
  DashboardBrowserIT() {}

  @BeforeAll
  void open() throws Exception {
    assertThat(Files.isExecutable(CHROMIUM))
        .as("this test needs %s; build/packages installs it", CHROMIUM)
        .isTrue();
    PlaywrightAssertions.setDefaultAssertionTimeout(30_000);
    served = ServedDashboard.start();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions().setExecutablePath(CHROMIUM).setArgs(FLAGS));
  }

  @AfterAll
  void shut() {
    browser.close();
    playwright.close();
    served.close();
  }

  @AfterEach
  void nothingCameFromElsewhereAndNothingWasForbidden() {
    contexts.forEach(BrowserContext::close);
    contexts.clear();
    assertThat(asked).isNotEmpty().allMatch(url -> URI.create(url).getHost().equals("localhost"));
    // A page that is refused is one of them; it is what a test asked for.
    assertThat(complaints).allMatch(text -> text.contains("status of 401"));
    asked.clear();
    complaints.clear();
  }

  @Test
  void onePassesByTheKeyboardFromTheLoginToAFile() {
    // given
    var page = page(WIDE, ColorScheme.LIGHT);
    page.navigate(served.url("/"));

    // when: the field has the focus already
    assertThat(page.getByLabel("Bearer token")).isFocused();
    page.keyboard().type(DashboardScene.ADMIN);
    page.keyboard().press("Enter");

    // then
    seeMounts(page);

    // when
    page.keyboard().press("Tab");
    assertThat(page.locator(":focus")).hasText("Skip to content");
    page.keyboard().press("Enter");
    // The table, which may scroll, then its links.
    for (int i = 0; i < 4; i++) {
      page.keyboard().press("Tab");
    }
    assertThat(page.locator(":focus")).hasText("training-data");
    page.keyboard().press("Enter");

    // then
    assertThat(page.getByRole(AriaRole.HEADING, named("training-data"))).isVisible();
    assertThat(page.getByText("Serving").first()).isVisible();

    // when
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Browse").setExact(false))
        .first()
        .press("Enter");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("train/")).press("Enter");

    // then
    assertThat(page.getByText("n01440764_0000.JPEG")).isVisible();
    assertThat(page.getByText("Next page")).isVisible();
  }

  @Test
  void theFocusIsSeen() {
    var page = loggedIn(WIDE, ColorScheme.LIGHT);
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    assertThat(page.locator(":focus")).hasCSS("outline-style", "solid");
  }

  @Test
  void partsAreRefreshedUnlessTheyHaveTheFocus() {
    var page = loggedIn(WIDE, ColorScheme.LIGHT);
    page.locator("#mounts a").first().focus();
    page.evaluate(
        """
        document.querySelector('#summary').textContent = 'stale';
        document.querySelector('#mounts caption').textContent = 'kept';
        """);
    page.waitForCondition(
        () -> page.locator("#summary").textContent().equals("1 of 3 ready"),
        new Page.WaitForConditionOptions().setTimeout(30_000));
    assertThat(page.locator("#mounts caption")).hasText("kept");
  }

  @Test
  void aSessionEndsWithItsButton() {
    var page = loggedIn(WIDE, ColorScheme.DARK);
    page.getByRole(AriaRole.BUTTON, button("Log out")).click();
    assertThat(page.getByRole(AriaRole.HEADING, named("Log in"))).isVisible();
    page.navigate(served.url("/mounts/ml/training-data"));
    assertThat(page.getByRole(AriaRole.HEADING, named("Log in"))).isVisible();
  }

  @Test
  void pagesFitTheirScreenInLightAndDark() {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      for (int width : new int[] {WIDE, NARROW}) {
        var name = scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width;
        var fresh = page(width, scheme);
        fresh.navigate(served.url("/login"));
        picture(fresh, "login-" + name);
        var page = loggedIn(width, scheme);
        picture(page, "mounts-" + name);
        page.navigate(served.url("/mounts/ml/training-data"));
        picture(page, "mount-" + name);
        // What is seen first, for the documentation.
        page.screenshot(
            new Page.ScreenshotOptions().setPath(PICTURES.resolve("mount-top-" + name + ".png")));
        page.navigate(served.url("/mounts/ml/training-data/files?node=gpu-1"));
        picture(page, "files-" + name);
      }
    }
  }

  @Test
  void whatIsShownHasANameForWhoDoesNotSee() {
    var page = loggedIn(WIDE, ColorScheme.DARK);
    for (var path : List.of("/", "/mounts/ml/training-data", "/mounts/ml/training-data/files")) {
      page.navigate(served.url(path));
      assertThat(page.locator("main")).hasCount(1);
      assertThat(page.locator("h1")).hasCount(1);
      assertThat(page.locator("table:not(:has(caption))")).hasCount(0);
      assertThat(page.locator("th:not([scope])")).hasCount(0);
      assertThat(page.locator("img:not([alt])")).hasCount(0);
      assertThat(page.locator("svg[role=img]:not(:has(title))")).hasCount(0);
      var ids = "[...document.querySelectorAll('[id]')].map(e => e.id)";
      assertThat(page.evaluate("new Set(" + ids + ").size === " + ids + ".length")).isEqualTo(true);
    }
  }

  private Page loggedIn(int width, ColorScheme scheme) {
    var page = page(width, scheme);
    page.navigate(served.url("/login"));
    page.getByLabel("Bearer token").fill(DashboardScene.ADMIN);
    page.getByRole(AriaRole.BUTTON, button("Log in")).click();
    seeMounts(page);
    return page;
  }

  /** A heading is there before the rest of its page, and before the style. */
  private static void seeMounts(Page page) {
    assertThat(page.getByRole(AriaRole.HEADING, named("OssMounts"))).isVisible();
    page.waitForLoadState();
  }

  private Page page(int width, ColorScheme scheme) {
    var context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setIgnoreHTTPSErrors(true)
                .setColorScheme(scheme)
                .setViewportSize(width, 900));
    contexts.add(context);
    var page = context.newPage();
    page.setDefaultTimeout(20_000);
    page.onRequest(request -> asked.add(request.url()));
    page.onConsoleMessage(message -> complaints.add(message.text()));
    page.onPageError(complaints::add);
    return page;
  }

  private static void picture(Page page, String name) {
    // Waits for the style: until then it is wider.
    page.waitForFunction(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth");
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true).setLevel(1);
  }

  private static Page.GetByRoleOptions button(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
