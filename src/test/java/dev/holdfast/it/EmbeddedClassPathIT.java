package dev.holdfast.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.EmbeddedServer;
import dev.holdfast.testkit.ForEachJava;
import dev.holdfast.testkit.Launcher;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What a server drags in with the library: nothing of what only the launcher needs. */
@Timeout(180)
class EmbeddedClassPathIT {
    private static final List<String> OF_THE_LAUNCHER =
            List.of("picocli", "org.apache.logging", "com.fasterxml", "jnr.", "org.objectweb", "dev.holdfast.cli");

    @TempDir
    Path folder;

    private Path locks;
    private Path plain;

    @BeforeEach
    void copyTheServerAlone() throws IOException, URISyntaxException {
        locks = Files.createDirectory(folder.resolve("locks"));
        plain = Files.createDirectories(folder.resolve("plain/dev/holdfast/testkit"));
        Path classes = Path.of(EmbeddedServer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .resolve("dev/holdfast/testkit");
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("EmbeddedServer")) {
                    Files.copy(file, plain.resolve(file.getFileName()));
                }
            }
        }
        plain = folder.resolve("plain");
    }

    @Test
    void librariesOfTheLauncherAreOptional() throws Exception {
        assertThat(dependencies(false)).containsExactlyInAnyOrder("jffi", "jffi", "jspecify");
        assertThat(dependencies(true))
                .contains("picocli", "log4j-core", "log4j-api", "jackson-databind", "jackson-dataformat-toml");
    }

    @ForEachJava
    void classPathOfAServerWorks(Path java) throws Exception {
        checkLife(java, List.of("-cp", plain + File.pathSeparator + String.join(File.pathSeparator, jars())));
    }

    /** Also tells that jffi's C part is found there, and that only exported packages are needed. */
    @ForEachJava
    void modulePathOfAServerWorks(Path java) throws Exception {
        String modules = String.join(File.pathSeparator, jars());
        checkLife(java, List.of("--module-path", modules, "--add-modules", "dev.holdfast", "-cp", plain.toString()));
    }

    /** As in production, where the launcher's libraries may be there for other reasons: they are not touched. */
    @Test
    void nothingOfTheLauncherIsLoadedWhereItIsThere() throws IOException {
        checkLife(Path.of(System.getProperty("java.home")), List.of("-cp", EmbeddedServer.classPath()));
    }

    /** Acquired, refused, taken over, released; with a look at what was loaded. */
    private void checkLife(Path java, List<String> options) throws IOException {
        Path log = folder.resolve("classes.log");
        List<String> logged = new ArrayList<>(options);
        logged.add("-Xlog:class+load:file=" + log);
        try (Child first = start(java, options, "hook=a");
                Child refused = start(java, options, "wait=0")) {
            boolean firstHolds = first.awaitOut("ready|refused").equals("ready");
            Child holder = firstHolds ? first : refused;
            assertThat((firstHolds ? refused : first).awaitExit())
                    .as("%s", refused)
                    .isEqualTo(75);
            try (Child forced = start(java, logged, "takeover", "hook=b")) {
                forced.awaitServer();
                assertThat(holder.awaitExit()).as("%s", holder).isEqualTo(143);
                forced.stdin().write("close\n".getBytes(StandardCharsets.UTF_8));
                forced.stdin().flush();
                forced.awaitOut("closed held=false");
                assertThat(forced.stdout()).contains("done b");
                assertThat(Launcher.in(locks).leftovers()).isEmpty();
            }
        }
        List<String> loaded = Files.readAllLines(log);
        assertThat(loaded).anyMatch(line -> line.contains(" dev.holdfast.Holdfast "));
        for (String library : OF_THE_LAUNCHER) {
            assertThat(loaded).noneMatch(line -> line.contains(" " + library));
        }
    }

    private Child start(Path java, List<String> options, String... arguments) {
        return Child.start(new ProcessBuilder(EmbeddedServer.command(java, options, locks, arguments)));
    }

    /** The library's own jar, and those that a build which names only Holdfast would fetch. */
    static List<String> jars() throws Exception {
        Path lib = Launcher.executable().resolve("../../lib").normalize();
        List<String> jars = new ArrayList<>(List.of(lib.resolve("holdfast.jar").toString()));
        for (String library : dependencies(false)) {
            try (Stream<Path> files = Files.list(lib)) {
                files.map(Path::toString)
                        .filter(file -> file.matches(".*/" + library + "-[0-9.]+\\.jar") && !jars.contains(file))
                        .forEach(jars::add);
            }
        }
        jars.add(nativeJar());
        return jars;
    }

    /** The launcher has its contents unpacked; the tests have the jar. */
    private static String nativeJar() {
        for (String entry : EmbeddedServer.classPath().split(File.pathSeparator)) {
            if (entry.matches(".*/jffi-[0-9.]+-native\\.jar")) {
                return entry;
            }
        }
        throw new AssertionError("jffi's native part is not on the class path of the tests");
    }

    private static List<String> dependencies(boolean optional)
            throws IOException, SAXException, ParserConfigurationException {
        Element project = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new File("pom.xml"))
                .getDocumentElement();
        List<String> found = new ArrayList<>();
        NodeList all = project.getElementsByTagName("dependency");
        for (int i = 0; i < all.getLength(); i++) {
            Element dependency = (Element) all.item(i);
            boolean isProjects = dependency.getParentNode().getParentNode().equals(project);
            if (isProjects
                    && !text(dependency, "scope").equals("test")
                    && text(dependency, "optional").equals("true") == optional) {
                found.add(text(dependency, "artifactId"));
            }
        }
        return found;
    }

    private static String text(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
