package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.registry.ManyInstances;
import dev.holdfast.testkit.Browser;
import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import dev.holdfast.testkit.Processes;
import dev.holdfast.testkit.Programs;
import dev.holdfast.testkit.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code holdfast serve} in Chromium, with 0, 3 and 200 instances. The pictures are to be looked at. */
@Timeout(300)
class PageIT {
    private static final Path PICTURES = Path.of("target/page").toAbsolutePath();
    private static final Path AXE =
            Path.of("target/axe/node_modules/axe-core/axe.min.js").toAbsolutePath();
    private static final String NAMES = "[...document.querySelectorAll('#instances button.name')]";

    @TempDir
    Path home;

    @TempDir
    Path profile;

    private Launcher launcher() {
        return Launcher.in(home).env("HOLDFAST_HOME", home.toString());
    }

    private static String url(Served served) {
        return "http://localhost:" + served.port() + "/";
    }

    @Test
    void thePageShowsNoneThreeAndManyAndIsUsableByAll() throws IOException {
        Programs.require("chromium");
        String axe = axe();
        try (Browser browser = new Browser(profile);
                Served served = Served.of(home)) {
            browser.size(1100, 760);
            browser.open(url(served));
            browser.awaitTrue("document.getElementById('link').textContent === 'live'");
            browser.awaitTrue("!document.getElementById('none').hidden");
            assertThat(browser.evaluate("document.getElementById('status').textContent")
                            .asText())
                    .isEqualTo("healthy");
            isAccessible(browser, axe);
            browser.screenshot(PICTURES.resolve("0-light.png"));

            ManyInstances.write(home, 3);
            browser.awaitTrue(NAMES + ".length === 3");
            browser.awaitTrue("document.querySelectorAll('#conflicts li').length === 1");
            assertThat(browser.evaluate("document.getElementById('conflicts').textContent")
                            .asText())
                    .contains("multiple instances", "What to do: ");
            browser.awaitTrue("document.getElementById('to-conflicts').textContent === '1 conflict'");
            // By keyboard alone: to the first name, into its details, and out again.
            browser.key("/");
            browser.awaitTrue("document.activeElement.id === 'filter'");
            browser.key("Tab");
            browser.key("Tab");
            browser.awaitTrue("document.activeElement.textContent === 'server-0'");
            browser.key("Enter");
            browser.awaitTrue("document.activeElement.getAttribute('aria-expanded') === 'true'");
            browser.awaitTrue("document.querySelector('.details dd').textContent === 'number 0 <b>of</b> many'");
            browser.awaitTrue("document.querySelector('pre.log').textContent.startsWith('Nothing in ')");
            isAccessible(browser, axe);
            browser.screenshot(PICTURES.resolve("3-light.png"));
            browser.dark(true);
            isAccessible(browser, axe);
            browser.screenshot(PICTURES.resolve("3-dark.png"));
            browser.size(400, 800);
            browser.screenshot(PICTURES.resolve("3-dark-narrow.png"));
            assertThat(browser.evaluate("document.documentElement.scrollWidth <= 400")
                            .asBoolean())
                    .isTrue();
            browser.key("Escape");
            browser.awaitTrue("!document.querySelector('.details')");

            browser.size(1100, 760);
            ManyInstances.write(home, 200);
            browser.awaitTrue(NAMES + ".length === 200");
            // What was killed is told before what only starts, and ten comes after two.
            browser.awaitTrue("/^unhealthy: .* was killed; /.test(document.getElementById('status').textContent)");
            browser.awaitTrue(NAMES + "[2].textContent === 'server-2'");
            browser.dark(false);
            isAccessible(browser, axe);
            browser.screenshot(PICTURES.resolve("200-light.png"));
            browser.evaluate("const f = document.getElementById('filter'); f.value = 'server-19';"
                    + " f.dispatchEvent(new Event('input'))");
            browser.awaitTrue(NAMES + ".length === 11");
            browser.evaluate("const g = document.getElementById('filter'); g.value = 'nobody has this';"
                    + " g.dispatchEvent(new Event('input'))");
            browser.awaitTrue("!document.getElementById('none-found').hidden");
            isAccessible(browser, axe);
            browser.screenshot(PICTURES.resolve("200-none-found.png"));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("try") // closed before its end, which the page is to see
    void buttonsActWithTheTokenOnly() throws IOException {
        Programs.require("chromium");
        try (Browser browser = new Browser(profile);
                Served served = Served.of(home, "--allow-actions");
                Child run = launcher().run(List.of("--output", home + "/logs/orders.log"), Launcher.server())) {
            browser.open(url(served));
            browser.awaitTrue(NAMES + ".length === 1");
            browser.evaluate("window.confirm = () => true; " + NAMES + "[0].click()");
            browser.awaitTrue("document.querySelector('pre.log').textContent.includes('ready ')");
            browser.awaitTrue("document.querySelector('pre.history').textContent.includes('start')");
            String press = "document.querySelectorAll('.actions button')[1].click()";
            browser.evaluate(press);
            browser.awaitTrue("document.getElementById('said').textContent.includes('needs the token')");
            assertThat(run.isAlive()).isTrue();
            browser.screenshot(PICTURES.resolve("1-actions.png"));
            browser.evaluate("document.getElementById('token').value = '" + served.token() + "'; " + press);
            assertThat(run.awaitExit()).isZero();
            browser.awaitTrue("document.getElementById('said').textContent === 'Done.'");
            browser.awaitTrue(NAMES + ".length === 0");
            assertThat(browser.complaints()).isEmpty();
            Processes.signal(served.pid(), "TERM");
            browser.awaitTrue("document.getElementById('link').className === 'bad'");
            browser.screenshot(PICTURES.resolve("0-no-connection.png"));
        }
    }

    private static void isAccessible(Browser browser, String axe) {
        if (!browser.evaluate("!!window.axe").asBoolean()) {
            browser.evaluate(axe + "; true");
        }
        String found = browser.evaluate("axe.run().then(found => JSON.stringify(found.violations.map("
                        + "violation => [violation.id, violation.nodes.map(node => node.html)])))")
                .asText();
        assertThat(found).isEqualTo("[]");
    }

    private static String axe() throws IOException {
        if (!Files.exists(AXE)) {
            Programs.require("npm");
            try (Child npm = Child.start(new ProcessBuilder(
                    "npm", "install", "--no-audit", "--no-fund", "--prefix", "target/axe", "axe-core@4.10.3"))) {
                npm.awaitExit(Duration.ofMinutes(2));
            }
            assumeTrue(Files.exists(AXE), "needs axe-core from npm");
        }
        return Files.readString(AXE);
    }
}
