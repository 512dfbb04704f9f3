package dev.holdfast.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Packages of npm that tests need. What is asked for in one folder is always the same, since an installation changes what is
 * there; the first of several tests that want it makes it for all.
 */
public final class NodePackages {
    private NodePackages() {}

    /**
     * Installs them, or skips the test where that is not possible.
     *
     * @param folder below {@code target}
     * @param packages with their versions, as in {@code @modelcontextprotocol/sdk@1.32.2}
     * @return the folder, with {@code node_modules} in it
     */
    public static Path installed(String folder, String... packages) {
        Programs.require("node");
        Programs.require("npm");
        Path target = Path.of("target", folder).toAbsolutePath();
        try (FileChannel file = FileChannel.open(
                Files.createDirectories(target).resolve("installing.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            var unused = file.lock(); // the tests of other JVMs wait
            install(target, packages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assumeTrue(areThere(target, packages), "needs " + String.join(" and ", packages) + " from npm");
        return target;
    }

    private static void install(Path target, String... packages) {
        if (areThere(target, packages)) {
            return;
        }
        List<String> words =
                new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", target.toString()));
        words.addAll(List.of(packages));
        try (Child npm = Child.start(new ProcessBuilder(words))) {
            npm.awaitExit(Duration.ofSeconds(150));
        }
    }

    private static boolean areThere(Path target, String... packages) {
        for (String each : packages) {
            String name = each.substring(0, each.lastIndexOf('@'));
            if (!Files.exists(target.resolve("node_modules").resolve(name).resolve("package.json"))) {
                return false;
            }
        }
        return true;
    }
}
