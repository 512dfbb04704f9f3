package dev.holdfast.config;

import dev.holdfast.settings.CoordinationMode;
import dev.holdfast.settings.HandOff;
import dev.holdfast.settings.ShareContract;
import dev.holdfast.settings.ShareEra;
import dev.holdfast.settings.ShareFlow;
import dev.holdfast.settings.ShareHttp;
import dev.holdfast.settings.ShareLogs;
import dev.holdfast.settings.ShareMatch;
import dev.holdfast.settings.ShareRate;
import dev.holdfast.settings.ShareRequests;
import dev.holdfast.settings.ShareScope;
import dev.holdfast.settings.ShareSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads how a server is shared, and what does not go with that. Loaded only when it is. */
final class ShareReader {
    private static final Duration USUAL_LINGER = Duration.ofMinutes(1);
    private static final String FOR_EVER = "infinity";
    private static final int MOST_CALLS = 10_000;
    private static final long SMALLEST_MESSAGE = 1 << 10;
    private static final long LARGEST_MESSAGE = 64 << 20;
    private static final int USUAL_MESSAGE = 8 << 20;
    private static final int MOST_OF_A_RATE = 1_000_000;
    private static final int MOST_PORT = 65_535;
    private static final String RATE_RULE = "must be a rate, such as 20/s, 10/m or 20/s:50, of 1 to 1000000 calls";

    /** What other starts of the name are told, who are clients here. */
    private static final List<RunOption> FOR_A_SECOND_LAUNCH =
            List.of(RunOption.ON_ACTIVATE, RunOption.ACTIVATE_SIGNAL, RunOption.ON_CONFLICT_COMMAND);

    private final OptionValues values;
    /** Where the tokens of clients over HTTP are; empty when the user has no home. */
    private final Optional<String> tokenFolder;

    private ShareReader(OptionValues values, Optional<String> tokenFolder) {
        this.values = values;
        this.tokenFolder = tokenFolder;
    }

    /**
     * For a start with {@code --share}.
     *
     * @param runFolder as {@link RunFolder} names it
     */
    static ShareSettings read(OptionValues values, Optional<String> runFolder) {
        ShareReader reader = new ShareReader(values, runFolder);
        reader.refuseWhatDoesNotGo();
        return reader.settings();
    }

    private ShareSettings settings() {
        ShareFlow flow = new ShareFlow(
                values.number(RunOption.SHARE_CALLS, 0, MOST_CALLS).orElse(0), longestMessage(), rate());
        ShareContract contract = new ShareContract(
                values.choice(RunOption.SHARE_ERA, ShareEra.values()),
                protocol(),
                values.choice(RunOption.SHARE_REQUESTS, ShareRequests.values()),
                values.choice(RunOption.SHARE_LOGS, ShareLogs.values()));
        if (contract.requests() == ShareRequests.ONE_CALLER && flow.calls() != 1) {
            values.warn(
                    values.value(RunOption.SHARE_REQUESTS).place()
                            + " can tell whose request it is while calls of one client run; --share-calls 1 makes sure of that");
        }
        return new ShareSettings(
                scope(),
                linger(),
                values.choice(RunOption.SHARE_MATCH, ShareMatch.MODERATE, ShareMatch.STRICT, ShareMatch.RELAXED),
                keys(),
                flow,
                contract,
                values.isOn(RunOption.SHARE_STDERR),
                http(),
                values.isOn(RunOption.METRICS_TOOLS));
    }

    /** Where the folder or the lock was said, that is what starts have in common. */
    private ShareScope scope() {
        boolean isGlobal = values.isAnySet(RunOption.CWD, RunOption.LOCK_FILE);
        ShareScope scope = isGlobal
                ? values.choice(RunOption.SHARE_SCOPE, ShareScope.GLOBAL, ShareScope.CWD)
                : values.choice(RunOption.SHARE_SCOPE, ShareScope.CWD, ShareScope.GLOBAL);
        if (scope == ShareScope.CWD && values.isSet(RunOption.LOCK_FILE)) {
            values.problem(RunOption.LOCK_FILE, "names one lock, and with --share-scope cwd each folder has its own");
        }
        return scope;
    }

    private Optional<Duration> linger() {
        return values.text(RunOption.LINGER).toLowerCase(Locale.ROOT).equals(FOR_EVER)
                ? Optional.empty()
                : Optional.of(values.duration(RunOption.LINGER, USUAL_LINGER));
    }

    private int longestMessage() {
        if (!values.isSet(RunOption.SHARE_MAX_MESSAGE)) {
            return USUAL_MESSAGE;
        }
        long bytes =
                OutputOptions.bytes(values.text(RunOption.SHARE_MAX_MESSAGE).trim());
        if (bytes < SMALLEST_MESSAGE || bytes > LARGEST_MESSAGE) {
            values.problem(RunOption.SHARE_MAX_MESSAGE, "must be a size from 1K to 64M, such as 500K or 8M");
            return USUAL_MESSAGE;
        }
        return (int) bytes;
    }

    private Optional<ShareRate> rate() {
        if (!values.isSet(RunOption.SHARE_RATE)) {
            return Optional.empty();
        }
        String text = values.text(RunOption.SHARE_RATE).trim();
        int slash = text.indexOf('/');
        int colon = text.indexOf(':', Math.max(slash, 0));
        int end = colon < 0 ? text.length() : colon;
        Optional<Duration> unit = slash < 0 ? Optional.empty() : unit(text.substring(slash + 1, end));
        OptionalInt count = slash < 0 ? OptionalInt.empty() : calls(text.substring(0, slash));
        OptionalInt burst = colon < 0 ? count : calls(text.substring(colon + 1));
        if (unit.isEmpty() || count.isEmpty() || burst.isEmpty()) {
            values.problem(RunOption.SHARE_RATE, RATE_RULE);
            return Optional.empty();
        }
        return Optional.of(new ShareRate(count.getAsInt(), unit.get(), burst.getAsInt()));
    }

    private Optional<ShareHttp> http() {
        if (!values.isSet(RunOption.HTTP)) {
            if (values.value(RunOption.HTTP_NO_TOKEN).origin() == OptionValue.Origin.COMMAND_LINE) {
                values.problem(RunOption.HTTP_NO_TOKEN, "needs --http");
            }
            return Optional.empty();
        }
        OptionalInt port = values.number(RunOption.HTTP, 0, MOST_PORT);
        boolean needsToken = !values.isOn(RunOption.HTTP_NO_TOKEN);
        if (needsToken && tokenFolder.isEmpty()) {
            values.problem(
                    RunOption.HTTP, "needs a home folder for its token; set HOLDFAST_HOME, or say --http-no-token");
        }
        return Optional.of(new ShareHttp(port.orElse(0), needsToken ? tokenFolder : Optional.empty()));
    }

    private static Optional<Duration> unit(String word) {
        return switch (word) {
            case "s" -> Optional.of(Duration.ofSeconds(1));
            case "m" -> Optional.of(Duration.ofMinutes(1));
            case "h" -> Optional.of(Duration.ofHours(1));
            default -> Optional.empty();
        };
    }

    private static OptionalInt calls(String digits) {
        if (!digits.matches("[0-9]{1,7}")) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(digits);
        return number >= 1 && number <= MOST_OF_A_RATE ? OptionalInt.of(number) : OptionalInt.empty();
    }

    private Optional<String> protocol() {
        Optional<String> version = values.nonEmpty(RunOption.SHARE_PROTOCOL, "name a version, such as 2025-06-18");
        if (version.isPresent() && !version.get().matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
            values.problem(RunOption.SHARE_PROTOCOL, "must be a version of the protocol, such as 2025-06-18");
        }
        return version;
    }

    private List<String> keys() {
        Optional<String> said = values.nonEmpty(RunOption.SHARE_KEY, "name a variable");
        List<String> names = new ArrayList<>();
        for (String name : said.isPresent() ? said.get().split(",", -1) : new String[0]) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                values.problem(RunOption.SHARE_KEY, "must name variables, such as API_KEY, and not their values");
                return List.of();
            }
            names.add(name);
        }
        return names;
    }

    private void refuseWhatDoesNotGo() {
        if (values.text(RunOption.HANDOFF).equalsIgnoreCase(HandOff.EXEC.toString())) {
            values.problem(
                    RunOption.HANDOFF, "and --share exclude each other: the launcher carries the clients' messages");
        }
        if (values.isSet(RunOption.COORDINATION)
                && !values.text(RunOption.COORDINATION).equalsIgnoreCase(CoordinationMode.SINGLETON.toString())) {
            values.problem(RunOption.COORDINATION, "and --share exclude each other: clients share one server");
        }
        if (values.isSet(RunOption.TRANSPORT)
                && !values.text(RunOption.TRANSPORT).equals("stdio")) {
            values.problem(RunOption.TRANSPORT, "and --share exclude each other: what is shared is a server on stdio");
        }
        if (values.isOn(RunOption.LISTEN_STDIN)) {
            values.problem(RunOption.LISTEN_STDIN, "and --share exclude each other: its stdin is the clients'");
        }
        String policy = values.text(RunOption.ON_CONFLICT).toLowerCase(Locale.ROOT);
        if (policy.equals("wait") || policy.equals("skip") || policy.equals("activate")) {
            values.problem(
                    RunOption.ON_CONFLICT, "and --share exclude each other: a start attaches to the running one");
        }
        for (RunOption option : FOR_A_SECOND_LAUNCH) {
            if (values.value(option).origin() == OptionValue.Origin.COMMAND_LINE) {
                values.problem(option, "has no effect with --share: another start attaches to the running one");
            }
        }
    }
}
