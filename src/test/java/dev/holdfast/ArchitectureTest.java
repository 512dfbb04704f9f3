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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** Holds the table of who may use whom, and what may be used where. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** Stands for the root package. */
    private static final String FACADE = "";

    /** Each package, and those that it may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("text", Set.of()),
            Map.entry("error", Set.of()),
            Map.entry("posix", Set.of("error", "text")),
            Map.entry("json", Set.of("text")),
            Map.entry("process", Set.of("posix", "error", "text")),
            Map.entry("lock", Set.of("process", "posix", "error", "text")),
            Map.entry("lock.file", Set.of("lock", "process", "json", "posix", "error", "text")),
            Map.entry("supervise", Set.of("process", "posix", "error", "text")),
            Map.entry("guard", Set.of("lock", "lock.file", "supervise", "process", "json", "posix", "error", "text")),
            // posix for the signals' names
            Map.entry("config", Set.of("posix", "error", "text")),
            Map.entry(
                    "cli",
                    Set.of("config", "guard", "lock", "lock.file", "supervise", "process", "posix", "error", "text")),
            // config for what a name may be, and for the variables
            Map.entry(FACADE, Set.of("config", "guard", "lock", "lock.file", "process", "posix", "error", "text")));

    @ArchTest
    static void packagesUseOnlyWhatTheTableAllows(JavaClasses classes) {
        MAY_USE.forEach((name, allowed) -> {
            List<String> forbidden = new ArrayList<>();
            for (String other : MAY_USE.keySet()) {
                if (!other.equals(name) && !allowed.contains(other)) {
                    forbidden.add(matching(other));
                }
            }
            if (!forbidden.isEmpty()) {
                noClasses()
                        .that()
                        .resideInAPackage(matching(name))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(forbidden.toArray(String[]::new))
                        .because("the table allows " + name + " only " + allowed)
                        .check(classes);
            }
        });
    }

    private static String matching(String name) {
        return name.equals(FACADE) ? "dev.holdfast" : "dev.holdfast." + name;
    }

    @ArchTest
    static void everyPackageIsInTheTable(JavaClasses classes) {
        Set<String> packages = new TreeSet<>();
        classes.forEach(type -> packages.add(type.getPackageName()));
        Set<String> known = new TreeSet<>();
        MAY_USE.keySet().forEach(name -> known.add(matching(name)));
        assertThat(packages).isEqualTo(known);
    }

    @ArchTest
    static void thereAreNoCycles(JavaClasses classes) {
        slices().matching("dev.holdfast.(*)..").should().beFreeOfCycles().check(classes);
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
                .resideOutsideOfPackage("dev.holdfast.cli..")
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

    @ArchTest
    static void whatLosesLocksSignalsOrTimeIsNotUsed(JavaClasses classes) {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun.misc..")
                .check(classes);
        noClasses()
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
