package dev.holdfast.commands.serve;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.commands.OtherCommands;
import dev.holdfast.commands.doctor.Doctor;
import dev.holdfast.config.CommandArguments;
import dev.holdfast.config.CommandOption;
import dev.holdfast.console.Console;
import dev.holdfast.console.ExitCode;
import dev.holdfast.http.HttpServers;
import dev.holdfast.http.TokenFile;
import dev.holdfast.posix.files.FileDescriptors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** {@code holdfast serve}: serves until a signal ends it. */
public final class ServeCommand implements OtherCommands.Command {
    private static final int REQUEST_SECONDS = 5;
    /** A stream of events begins again after the last of them. */
    private static final int ANSWER_SECONDS = 60;

    private static final int LEAST_CONNECTIONS = 50;
    /** For files, the JVM's own ones among them. */
    private static final int DESCRIPTORS_LEFT = 200;

    @Override
    public int execute(List<String> words) {
        CommandArguments arguments = CommandArguments.withName(CommandOption.of("serve"), words);
        ServeSettings settings = ServeSettings.of(arguments);
        TokenFile token = settings.tokenFile().map(TokenFile::new).orElse(null);
        Optional<String> problem = token == null ? Optional.empty() : token.require();
        if (problem.isPresent()) {
            Console.complain(problem.get());
            if (settings.allowActions()) {
                return ExitCode.CANNOT_CREATE.number();
            }
        }
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        HttpServer server;
        try {
            if (address.isUnresolved()) {
                throw new IOException("there is no such address");
            }
            int connections = Math.max(LEAST_CONNECTIONS, FileDescriptors.limit() - DESCRIPTORS_LEFT);
            server = HttpServers.listen(address, REQUEST_SECONDS, ANSWER_SECONDS, connections);
        } catch (IOException e) {
            Console.complain("cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage()
                    + "\n  what now   say another --port, or --host");
            return ExitCode.UNAVAILABLE.number();
        }
        Routes routes = new Routes(settings, new Doctor(settings.level(), arguments));
        server.createContext("/", routes.addTo(new Router(new Access(settings.host(), token))));
        server.start();
        Console.result("serving http://" + inUrl(settings.host()) + ":"
                + server.getAddress().getPort() + "/" + tokenText(token, problem));
        return untilASignal();
    }

    private static String inUrl(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    private static String tokenText(@Nullable TokenFile token, Optional<String> problem) {
        return token == null || problem.isPresent() ? "" : ", the token is in " + token.path();
    }

    private static int untilASignal() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK.number();
    }
}
