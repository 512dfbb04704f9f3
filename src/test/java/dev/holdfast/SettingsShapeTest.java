package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.GuardSettings;
import dev.holdfast.lock.file.LockRecord;
import dev.holdfast.posix.files.FileStatus;
import dev.holdfast.supervise.SupervisorSettings;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** In a long record the compiler sees it when two values that stand side by side are exchanged. */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = ImportOption.DoNotIncludeTests.class)
class SettingsShapeTest {
    private static final int LONG = 8;

    /** Of settings: what is more is to be grouped by idea. */
    private static final int MOST = 13;

    @ArchTest
    static void noTwoNeighboursAreOfOneType(JavaClasses classes) {
        Set<Class<?>> records = longRecords(classes);
        assertThat(records).contains(RunSettings.class, GuardSettings.class, LockRecord.class);
        records.add(SupervisorSettings.class);
        records.remove(FileStatus.class); // the kernel's numbers, in its order
        List<String> alike = new ArrayList<>();
        for (Class<?> type : records) {
            RecordComponent[] components = type.getRecordComponents();
            for (int i = 1; i < components.length; i++) {
                if (components[i].getGenericType().equals(components[i - 1].getGenericType())) {
                    alike.add(
                            type.getSimpleName() + ": " + components[i - 1].getName() + ", " + components[i].getName());
                }
            }
        }
        assertThat(alike).isEmpty();
    }

    @ArchTest
    static void settingsAreGroupedByIdea(JavaClasses classes) {
        assertThat(longRecords(classes).stream()
                        .filter(type -> type.getSimpleName().endsWith("Settings")))
                .contains(GuardSettings.class)
                .allMatch(type -> type.getRecordComponents().length <= MOST);
    }

    private static Set<Class<?>> longRecords(JavaClasses classes) {
        Set<Class<?>> records = new LinkedHashSet<>();
        for (JavaClass type : classes) {
            if (type.isRecord() && type.reflect().getRecordComponents().length >= LONG) {
                records.add(type.reflect());
            }
        }
        return records;
    }
}
