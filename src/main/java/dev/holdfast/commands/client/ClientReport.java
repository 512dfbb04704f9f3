package dev.holdfast.commands.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.commands.client.Node.MapNode;
import dev.holdfast.commands.client.Node.Member;
import dev.holdfast.json.jackson.Json;
import dev.holdfast.text.Printable;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What clients have in their files, for people and for programs. Values of variables are not told. */
final class ClientReport {
    private final boolean hasDetails;
    private final Set<String> names;
    private final StringBuilder text = new StringBuilder();
    private final ArrayNode json = Json.array();
    private final List<String> found = new ArrayList<>();

    /**
     * An empty report.
     *
     * @param hasDetails whether commands and names of variables are told
     * @param names the servers to tell of; empty for all
     */
    ClientReport(boolean hasDetails, Set<String> names) {
        this.hasDetails = hasDetails;
        this.names = names;
    }

    /** A client without a file. */
    void addNone(Client client, Path usual) {
        if (!hasDetails) {
            heading(client, usual, "no file");
        }
        file(client, usual).put("exists", false);
    }

    /** A file that cannot be used. */
    void addProblem(Client client, Path path, String problem) {
        heading(client, path, "cannot be used");
        file(client, path).put("exists", true).put("problem", problem);
    }

    /** A file and its servers. */
    void add(Client client, Path path, ClientDocument document) {
        heading(client, path, "");
        ArrayNode servers = file(client, path).put("exists", true).putArray("servers");
        List<ServerEntry> told = document.servers().stream()
                .filter(server -> names.isEmpty() || names.contains(server.name()))
                .toList();
        int width =
                told.stream().mapToInt(server -> server.name().length()).max().orElse(0);
        for (ServerEntry server : told) {
            found.add(server.name());
            String name = Printable.line(server.name());
            text.append("  ")
                    .append(name)
                    .append(" ".repeat(width - name.length()))
                    .append("  ");
            text.append(state(server))
                    .append(server.section().size() > 1 ? ", for this folder" : "")
                    .append('\n');
            if (hasDetails) {
                details(server);
            }
            put(servers.addObject(), server);
        }
    }

    private void heading(Client client, Path path, String state) {
        text.append(client.id()).append("  ").append(Printable.line(path.toString()));
        text.append(state.isEmpty() ? "" : "  (" + state + ")").append('\n');
    }

    private static String state(ServerEntry server) {
        if (server.command().isEmpty()) {
            return server.isRemote() ? "remote" : "no command";
        }
        if (!server.isGuarded()) {
            return "not guarded";
        }
        String missing = missing(server);
        return missing.isEmpty()
                ? server.isShared() ? "guarded, shared" : "guarded"
                : "guarded, but there is no program " + Printable.line(missing) + ": unwrap it, and wrap it again";
    }

    /** The launcher or the Java that its entry names, when it has been moved or removed since; else empty. */
    private static String missing(ServerEntry server) {
        List<String> programs = new ArrayList<>();
        server.command().ifPresent(command -> programs.add(command.text()));
        server.environment()
                .flatMap(variables -> variables.scalar(Guarding.JAVA_HOME))
                .ifPresent(java -> programs.add(java.text() + "/bin/java"));
        for (String program : programs) {
            if (program.startsWith("/") && !new File(program).canExecute()) {
                return program;
            }
        }
        return "";
    }

    private void details(ServerEntry server) {
        if (server.command().isPresent()) {
            text.append("      command    ")
                    .append(Printable.line(String.join(" ", server.serverCommand())))
                    .append('\n');
        }
        if (server.isGuarded()) {
            text.append("      guarded by ")
                    .append(Printable.line(server.command().orElseThrow().text()))
                    .append('\n');
            server.instance()
                    .ifPresent(name -> text.append("      instance   ")
                            .append(Printable.line(name))
                            .append('\n'));
        }
        List<String> variables = variables(server);
        if (!variables.isEmpty()) {
            text.append("      variables  ")
                    .append(Printable.line(String.join(", ", variables)))
                    .append('\n');
        }
    }

    private static List<String> variables(ServerEntry server) {
        return server.environment().map(MapNode::members).orElse(List.of()).stream()
                .map(Member::name)
                .toList();
    }

    private ObjectNode file(Client client, Path path) {
        return json.addObject()
                .put("client", client.id())
                .put("label", client.label())
                .put("file", path.toString());
    }

    private void put(ObjectNode node, ServerEntry server) {
        node.put("name", server.name());
        node.put("transport", server.command().isPresent() ? "stdio" : server.isRemote() ? "remote" : "none");
        node.put("guarded", server.isGuarded());
        node.put("works", !server.isGuarded() || missing(server).isEmpty());
        if (hasDetails) {
            server.instance().ifPresent(name -> node.put("instance", name));
            ArrayNode command = node.putArray("command");
            server.serverCommand().forEach(command::add);
            ArrayNode environment = node.putArray("variables");
            variables(server).forEach(environment::add);
        }
    }

    /** The names of the servers that were told of. */
    List<String> found() {
        return found;
    }

    /** For people. */
    String text() {
        return text.toString().stripTrailing();
    }

    /** For programs. */
    String json() {
        return Json.line(json);
    }
}
