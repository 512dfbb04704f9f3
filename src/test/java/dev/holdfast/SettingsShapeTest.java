package dev.holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.RunSettings;
import dev.holdfast.guard.GuardSettings;
import dev.holdfast.supervise.SupervisorSettings;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the longest records the compiler sees it when two values that stand side by side are exchanged. */
class SettingsShapeTest {
    @ParameterizedTest
    @ValueSource(classes = {RunSettings.class, GuardSettings.class, SupervisorSettings.class})
    void noTwoNeighboursAreOfOneType(Class<?> type) {
        List<String> alike = new ArrayList<>();
        RecordComponent[] components = type.getRecordComponents();
        for (int i = 1; i < components.length; i++) {
            if (components[i].getGenericType().equals(components[i - 1].getGenericType())) {
                alike.add(components[i - 1].getName() + ", " + components[i].getName());
            }
        }
        assertThat(alike).isEmpty();
    }
}
