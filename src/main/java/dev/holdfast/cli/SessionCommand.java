package dev.holdfast.cli;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.commands.OtherCommands.SessionStart;
import dev.holdfast.config.InstanceArguments;
import dev.holdfast.text.RawText;
import java.util.ArrayList;
import java.util.List;

/** {@code holdfast session}: its own room does it, and what it shares with other commands is done by these. */
final class SessionCommand implements OtherCommands.SessionCommands {
    static final String WORD = "session";

    private final Words words;

    SessionCommand(Words words) {
        this.words = words;
    }

    int execute() {
        return OtherCommands.session().execute(words.texts(), this);
    }

    @Override
    public int start(SessionStart start) {
        List<byte[]> all = new ArrayList<>();
        for (String option : start.options()) {
            all.add(RawText.bytes(option));
        }
        all.add(RawText.bytes("--"));
        for (String word : start.shell()) {
            all.add(RawText.bytes(word));
        }
        List<byte[]> command = words.bytesFrom(start.commandIndex());
        all.addAll(command.subList(0, Math.min(command.size(), start.commandLength())));
        StartCommand started = new StartCommand(Words.of(all), start.variables(), start.pidFile());
        start.located().accept(started.lockPath());
        return started.execute();
    }

    @Override
    public int stop(InstanceArguments arguments) {
        return InstanceCommand.execute(arguments);
    }

    @Override
    public int logs(List<String> options) {
        return new LogsCommand(options).execute();
    }
}
