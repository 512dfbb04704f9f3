package dev.holdfast.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Child;
import dev.holdfast.testkit.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The images of the tests, built from {@code docker/} word for word, but on a base that is made of Debian's packages:
 * there may be no registry.
 */
final class Images {
    /** Debian with sh, tini, Node and Python: in the place of all public images. */
    static final String BASE = "localhost/base";
    /** {@code docker/Dockerfile}. */
    static final String HOLDFAST = "localhost/holdfast";
    /** HOLDFAST with the test server in it. */
    static final String TEST = "localhost/test";
    /** {@code docker/examples/mcp-node}. */
    static final String MCP = "localhost/mcp-node";
    /** {@code docker/examples/python-http}. */
    static final String PYTHON = "localhost/python-http";
    /** {@code docker/examples/java-http}. */
    static final String JAVA = "localhost/java-http";

    private static final String PACKAGES =
            "base-files,libc6,dash,coreutils,tini,python3-minimal,libpython3.11-stdlib," + "libstdc++6,libgcc-s1";
    private static final Path DOCKER = Path.of("docker").toAbsolutePath();

    private final Engine engine;

    Images(Engine engine) {
        this.engine = engine;
    }

    void build() throws IOException {
        Path mcp = copy("mcp-node");
        try (Child install = Child.start(new ProcessBuilder("npm", "install", "--omit=dev", "--no-audit", "--no-fund")
                .directory(mcp.toFile()))) {
            base();
            build(
                    DOCKER.resolve("Dockerfile"),
                    Launcher.executable().resolve("../..").normalize(),
                    HOLDFAST);
            // Its jlink is most of the work, and the rest is waiting for disks.
            Path java = DOCKER.resolve("examples/java-http");
            try (Child linking = start(java.resolve("Dockerfile"), java, JAVA)) {
                test();
                build(DOCKER.resolve("examples/python-http"), PYTHON);
                Engine.ok(linking);
            }
            assertThat(install.awaitExit(Duration.ofMinutes(2)))
                    .as("%s", install)
                    .isZero();
        }
        build(mcp, MCP);
    }

    private void base() throws IOException {
        Path tar = engine.home().resolve("base.tar");
        Path node = EngineExtension.find("node").orElseThrow();
        // Debian's Node is made of many packages; others are one file, as new as the machine's npm.
        boolean isDebians = Engine.ok(Child.start(new ProcessBuilder("ldd", node.toString())))
                .contains("libnode");
        String packages = isDebians ? PACKAGES + ",nodejs" : PACKAGES;
        Engine.ok(Child.start(new ProcessBuilder(
                "mmdebstrap", "--quiet", "--variant=extract", "--include=" + packages, "bookworm", tar.toString())));
        if (!isDebians) {
            Engine.ok(Child.start(new ProcessBuilder(
                    "tar",
                    "--append",
                    "-h",
                    "-f",
                    tar.toString(),
                    "--transform=s|.*|usr/bin/node|",
                    "-C",
                    "/",
                    node.toString().substring(1))));
        }
        engine.ok(List.of("import", "-q", tar.toString(), BASE));
        Files.delete(tar);
    }

    private void test() throws IOException {
        Path folder = Files.createDirectory(engine.home().resolve("test"));
        Files.copy(Launcher.resource("container/server.py"), folder.resolve("server.py"));
        Files.writeString(folder.resolve("Dockerfile"), "FROM " + HOLDFAST + "\nCOPY server.py /server.py\n");
        build(folder, TEST);
    }

    /** An example in a folder that may be written to. */
    private Path copy(String example) throws IOException {
        Path to = Files.createDirectory(engine.home().resolve(example));
        Engine.ok(Child.start(
                new ProcessBuilder("cp", "-r", DOCKER.resolve("examples/" + example) + "/.", to.toString())));
        return to;
    }

    private void build(Path folder, String image) throws IOException {
        build(folder.resolve("Dockerfile"), folder, image);
    }

    private void build(Path file, Path folder, String image) throws IOException {
        Engine.ok(start(file, folder, image));
    }

    private Child start(Path file, Path folder, String image) throws IOException {
        List<String> words = new ArrayList<>(List.of("build", "-q", "--format", "docker", "--network", "none"));
        words.addAll(List.of("--layers=false", "-t", image, "-f", file.toString()));
        for (String argument : List.of("BASE=" + BASE, "JDK=" + BASE, "HOLDFAST=" + HOLDFAST)) {
            String name = argument.substring(0, argument.indexOf('='));
            if (Files.readString(file).contains("ARG " + name + "=")) {
                words.addAll(List.of("--build-arg", argument));
            }
        }
        Path jdk = jdk();
        if (image.equals(HOLDFAST) && Launcher.majorVersion(jdk) < 21) {
            words.addAll(List.of("--build-arg", "COMPRESS=2"));
        }
        words.addAll(mounted(jdk));
        words.add(folder.toString());
        return engine.podman(words);
    }

    /** The newest JDK of this machine. */
    static Path jdk() {
        return Launcher.javaHomes().stream()
                .max(Comparator.comparing(Launcher::majorVersion))
                .orElseThrow();
    }

    /** A JDK of this machine, and what its links lead to, where eclipse-temurin has one. */
    private static List<String> mounted(Path jdk) {
        List<String> words = new ArrayList<>(List.of("-v", jdk + ":/opt/java/openjdk:ro"));
        for (String folder : List.of("/etc/ssl/certs", "/etc/java-17-openjdk")) {
            if (Files.isDirectory(Path.of(folder))) {
                words.addAll(List.of("-v", folder + ":" + folder + ":ro"));
            }
        }
        return words;
    }
}
