package dev.holdfast.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a start that shares its server says of how that is run, as texts that are the same where they mean the same. Has no
 * text of its own: a value may be a secret. Immutable.
 */
public final class SaidOptions {
    private final Map<String, String> values;
    private final UnaryOperator<String> usual;

    /**
     * Copies the map.
     *
     * @param values by the options' names, such as {@code grace}
     * @param usual what an option amounts to that is not said; empty for one that there is not
     */
    public SaidOptions(Map<String, String> values, UnaryOperator<String> usual) {
        this.values = Map.copyOf(values);
        this.usual = usual;
    }

    /** What is said, by the options' names. */
    public Map<String, String> values() {
        return values;
    }

    /** What an option amounts to, said or not; empty for one that there is not. */
    public String value(String name) {
        String said = values.get(name);
        return said == null ? usual.apply(name) : said;
    }

    /** Whether both amount to the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SaidOptions said && unusual().equals(said.unusual());
    }

    @Override
    public int hashCode() {
        return unusual().hashCode();
    }

    private Map<String, String> unusual() {
        Map<String, String> unusual = new HashMap<>(values);
        unusual.entrySet().removeIf(each -> each.getValue().equals(usual.apply(each.getKey())));
        return unusual;
    }
}
