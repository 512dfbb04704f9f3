package dev.holdfast.commands.mcp;

import dev.holdfast.commands.OtherCommands;
import dev.holdfast.commands.doctor.Doctor;
import dev.holdfast.commands.doctor.RegistryPlace;
import dev.holdfast.commands.health.OverviewSource;
import dev.holdfast.commands.health.ServerTools;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.config.InstanceName;
import dev.holdfast.config.McpOption;
import dev.holdfast.config.SettingsException;
import dev.holdfast.console.ExitCode;
import dev.holdfast.settings.ConflictDetection;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Optional;

/** {@code holdfast mcp}: a server of the protocol on stdin and stdout, until its client closes stdin. */
public final class McpCommand implements OtherCommands.Command {
    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("mcp"), words);
        String name = arguments.value(McpOption.NAME);
        if (!arguments.name().isEmpty()) {
            throw new SettingsException(List.of("say the instance by --name " + arguments.name()), false);
        }
        if (!name.isEmpty() && !InstanceName.isValid(name)) {
            throw new SettingsException(List.of("--name " + InstanceName.RULE), false);
        }
        // Whatever prints to stdout would be taken for a message.
        FileOutputStream stdout = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        ConflictDetection level = RegistryPlace.ofThisProcess().level();
        ServerTools tools = new ServerTools(
                new OverviewSource(level, Optional.empty()),
                new Doctor(level, arguments),
                new ServerTools.Current(Optional.empty(), Optional.of(name).filter(said -> !said.isEmpty())),
                arguments.has(McpOption.ALLOW_RESOLVE));
        MessageServer server = new MessageServer(tools, MessageServer.ON_STDIO);
        new StdioConversation(new FileInputStream(FileDescriptor.in), stdout, server).hold();
        return ExitCode.OK.number();
    }
}
