package dev.holdfast.commands.explain;

import dev.holdfast.config.RunSettings;
import dev.holdfast.settings.ConflictPolicy;
import dev.holdfast.settings.ProcessSettings;
import dev.holdfast.settings.ShareHttp;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import dev.holdfast.share.identity.VariableWeight;
import dev.holdfast.text.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a server would be shared, in words. Names of variables only, never a value. */
final class ExplainedShare {
    private final RunSettings settings;
    private final ShareSettings share;
    private final List<String> variables;

    /**
     * Nothing is told yet.
     *
     * @param variables the names of those that are compared
     */
    ExplainedShare(RunSettings settings, ShareSettings share, List<String> variables) {
        this.settings = settings;
        this.share = share;
        this.variables = variables;
    }

    /** Adds topics, and says of this start what it is here: a client. */
    void addTo(Map<String, String> facts, boolean isFree) {
        facts.put("this start", isFree ? "would start the host in the background, and attach to it" : whereOneRuns());
        facts.remove("on conflict"); // said by then
        facts.put(
                "shared by",
                share.scope() == ShareScope.CWD
                        ? "the starts from this folder, by the digits in the instance's name"
                        : "all starts of this name");
        facts.put(
                "linger",
                share.linger()
                        .map(time -> "ends " + Durations.text(time) + " after its last client has left")
                        .orElse("stays until it is stopped"));
        if (share.http().isPresent()) {
            facts.put("over HTTP", overHttp(share.http().get()));
        }
        facts.put("must agree", mustAgree());
        if (share.match() == ShareMatch.MODERATE) {
            facts.put("where in both", words(named(VariableWeight.MUST_NOT_DIFFER)));
        }
    }

    private String overHttp(ShareHttp http) {
        return (http.port() == 0 ? "any free port" : "port " + http.port()) + " of the loopback addresses, "
                + http.tokenFile(settings.instance().name())
                        .map(file -> "for those who have the token in " + file)
                        .orElse("for each program on this machine");
    }

    private String whereOneRuns() {
        return settings.conflict().policy() == ConflictPolicy.TAKEOVER
                ? "would end what runs, start a host in the background, and attach to it"
                : "would attach to what runs, or be refused where that is of another server or not shared";
    }

    private String mustAgree() {
        List<String> parts = new ArrayList<>(List.of("command", "arguments"));
        if (share.match() != ShareMatch.RELAXED) {
            boolean hasFolder = share.scope() == ShareScope.CWD
                    || settings.process()
                            .flatMap(ProcessSettings::workingDirectory)
                            .isPresent();
            parts.addAll(
                    hasFolder ? List.of("folder", "user", "environment files") : List.of("user", "environment files"));
            parts.addAll(named(VariableWeight.MUST_AGREE));
        }
        if (share.match() == ShareMatch.STRICT) {
            parts.addAll(named(VariableWeight.MUST_NOT_DIFFER));
        }
        for (String key : share.keys()) {
            if (!parts.contains(key)) {
                parts.add(key);
            }
        }
        return words(parts);
    }

    private List<String> named(VariableWeight weight) {
        List<String> names = new ArrayList<>();
        for (String name : variables) {
            if (VariableWeight.of(name) == weight && !share.keys().contains(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static String words(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
}
