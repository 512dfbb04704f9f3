package dev.holdfast;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.holdfast.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Holds the table of the rooms, of who may use whom, and of what may be used where. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Stands for the root package. */
    private static final String FACADE = "";

    /**
     * The rooms from top to bottom. One may use those of the lines below it, and in its own line those to its right.
     */
    private static final List<List<String>> HOUSE = List.of(
            List.of("cli"),
            List.of(
                    "commands.serve",
                    "commands.mcp",
                    "commands.health",
                    "commands.help",
                    "commands.session",
                    "commands.doctor",
                    "commands.explain",
                    "commands.client",
                    "commands.report",
                    "commands.history",
                    "commands.instances"),
            List.of("commands"),
            List.of(FACADE),
            List.of("embed"),
            List.of("guard"),
            List.of("share.http", "share.metrics", "share.attach", "share.identity", "share.host", "share"),
            List.of("session.template", "session"),
            List.of("registry.conflict", "registry"),
            List.of("instance"),
            List.of("supervise"),
            List.of("advisory", "listen", "http"),
            List.of("hook", "control", "command"),
            List.of("tenure", "lock.file", "lock"),
            List.of("journal.sinks", "config.toml"),
            List.of("history", "output", "stdio", "waiting", "journal"),
            List.of("config"),
            List.of("console"),
            List.of("process"),
            List.of("posix.sockets", "posix.processes", "posix.signals", "posix.files", "posix.users", "posix"),
            List.of("text.re2j", "json.jackson"),
            List.of("settings", "text", "json", "error", "classpath"));

    /** Those of the second class path, which alone may name its libraries. The pom has them, too. */
    private static final List<String> SECOND_CLASS_PATH = List.of(
            "commands.help",
            "commands.explain",
            "commands.report",
            "commands.history",
            "commands.doctor",
            "commands.instances",
            "commands.serve",
            "commands.mcp",
            "commands.health",
            "commands.client",
            "commands.session",
            "session",
            "config.toml",
            "http",
            "journal.sinks",
            "json.jackson",
            "posix.users",
            "share.http",
            "share.metrics",
            "session.template",
            "text.re2j");

    @ArchTest
    static void roomsUseOnlyWhatIsBelowThem(JavaClasses classes) {
        List<String> above = new ArrayList<>();
        for (String room : HOUSE.stream().flatMap(List::stream).toList()) {
            if (!above.isEmpty()) {
                noClasses()
                        .that()
                        .resideInAPackage(matching(room))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                above.stream().map(ArchitectureTest::matching).toArray(String[]::new))
                        .because(room + " is below " + above)
                        .check(classes);
            }
            above.add(room);
        }
    }

    /** The ways that the root package's documentation shows. */
    @ArchTest
    static void eachHopOfAReadersWayGoesDownwards(JavaClasses classes) throws IOException {
        List<String> rooms = HOUSE.stream().flatMap(List::stream).toList();
        List<String[]> ways = Files.readString(Path.of("src/main/java/dev/holdfast/package-info.java"))
                .lines()
                .filter(line -> line.contains(" > "))
                .map(line -> line.substring(line.indexOf(':') + 1).strip().split(" > "))
                .toList();
        assertThat(ways).hasSizeGreaterThan(5);
        for (String[] way : ways) {
            for (int hop = 1; hop < way.length; hop++) {
                JavaClass from = classes.get("dev.holdfast." + way[hop - 1]);
                JavaClass to = classes.get("dev.holdfast." + way[hop]);
                assertThat(from.getDirectDependenciesFromSelf().stream()
                                .anyMatch(dependency ->
                                        dependency.getTargetClass().equals(to)))
                        .as("%s uses %s", from.getName(), to.getName())
                        .isTrue();
                assertThat(rooms.indexOf(room(to)))
                        .as("%s is not above %s", to.getName(), from.getName())
                        .isGreaterThanOrEqualTo(rooms.indexOf(room(from)));
            }
        }
    }

    /** What is on the first class path is loaded where the second one's classes and libraries are not to be seen. */
    @ArchTest
    static void theFirstClassPathNamesNothingOfTheSecond(JavaClasses classes) throws IOException {
        String[] second =
                SECOND_CLASS_PATH.stream().map(ArchitectureTest::matching).toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(second)
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "dev.holdfast..", "com.kenai.jffi..", "org.jspecify..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(second)
                .check(classes);
        String inPom = SECOND_CLASS_PATH.stream()
                .map(room -> "dev/holdfast/" + room.replace('.', '/') + "/**")
                .collect(Collectors.joining(","));
        assertThat(Files.readString(Path.of("pom.xml"))).contains(">" + inPom + "<");
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals("dev.holdfast") ? FACADE : name.substring("dev.holdfast.".length());
    }

    private static String matching(String name) {
        return name.equals(FACADE) ? "dev.holdfast" : "dev.holdfast." + name;
    }

    @ArchTest
    static void everyPackageIsInTheTable(JavaClasses classes) {
        Set<String> packages = new TreeSet<>();
        classes.forEach(type -> packages.add(type.getPackageName()));
        Set<String> known = new TreeSet<>();
        HOUSE.forEach(line -> line.forEach(room -> known.add(matching(room))));
        assertThat(packages).isEqualTo(known);
    }

    @ArchTest
    static void thereAreNoCycles(JavaClasses classes) {
        slices().matching("dev.holdfast.(**)").should().beFreeOfCycles().check(classes);
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        Set<String> unmarked = new TreeSet<>();
        for (JavaClass type : classes) {
            if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(type.getPackageName());
            }
        }
        assertThat(unmarked).isEmpty();
    }

    @ArchTest
    static void onlyTheCommandLineUsesTheStandardStreams(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.holdfast.cli..", "dev.holdfast.commands..", "dev.holdfast.console..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(classes);
    }

    /** A clock that is set back must neither kill a server early nor wait for ever. */
    @ArchTest
    static void supervisionKnowsNoWallClock(JavaClasses classes) {
        noClasses()
                .that()
                .resideInAPackage("dev.holdfast.supervise..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\.(Clock|Instant|.*DateTime)|java\\.util\\.Date")
                .check(classes);
    }

    @ArchTest
    static void onlyMainAndABoundedShutdownEndTheProcess(JavaClasses classes) {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Main.class)
                .and()
                .doNotHaveFullyQualifiedName("dev.holdfast.ShutdownStop")
                .should()
                .callMethod(Runtime.class, "halt", int.class)
                .check(classes);
        noClasses()
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .check(classes);
    }

    @ArchTest
    static void noGenericExceptionsAreThrown(JavaClasses classes) {
        noClasses().should(GeneralCodingRules.THROW_GENERIC_EXCEPTIONS).check(classes);
    }

    @ArchTest
    static void nativeCodeIsCalledOnlyByPosix(JavaClasses classes) {
        noClasses()
                .that(resideInAPackage("dev.holdfast..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage("dev.holdfast.posix.."))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("jnr..", "com.kenai.."))
                .check(classes);
    }

    /** Pointers and raw calls: a mistake there ends the JVM. */
    @ArchTest
    static void rawCallsAreMadeOnlyByPosix(JavaClasses classes) {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.holdfast.posix..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.holdfast\\.posix\\.(Libc|NativeBuffer)")
                .check(classes);
    }

    @ArchTest
    static void whatLosesLocksSignalsOrTimeIsNotUsed(JavaClasses classes) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun.misc..")
                .check(classes);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(
                        "dev.holdfast.commands.doctor.SelfTest") // starts bin/holdfast, as a user's shell does
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(java.nio.channels.FileLock.class, ProcessBuilder.class)
                .because("such locks vanish when any channel on the file is closed, and such children keep signals"
                        + " blocked")
                .check(classes);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(classes);
        noClasses().should(GeneralCodingRules.USE_JAVA_UTIL_LOGGING).check(classes);
    }

    @ArchTest
    static void thereIsSomethingToCheck(JavaClasses classes) {
        classes().should().resideInAPackage("dev.holdfast..").check(classes);
        assertThat(classes.size()).isGreaterThan(50);
    }
}
