package dev.holdfast.share;

import dev.holdfast.json.FlatObject;
import dev.holdfast.json.FlatObjectWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of a server looks as if it should not be shared. It is told to people, and nothing is decided by it: a tool that is new
 * must not change who may use a server.
 */
final class Hazards {
    private static final Pattern OF_ONE_CLIENT = Pattern.compile(
            "(browser|page|tab|session|terminal|editor|debug(ger)?)_.+|.+_(process|session)(_.+)?|activate_.+");
    /** Lists of tools are long, and mostly the same. */
    private static final int LISTS_LOOKED_AT = 3;

    private final boolean isAskedFor;
    private final Set<Hazard> found = EnumSet.noneOf(Hazard.class);
    private int lists;

    /**
     * None is known yet.
     *
     * @param isAskedFor whether the server's requests may go to clients
     */
    Hazards(boolean isAskedFor) {
        this.isAskedFor = isAskedFor;
    }

    /** A kind of them. */
    private enum Hazard {
        STATE(
                "shared_state",
                "the names of its tools look as if it kept a browser, a page, a session or a process: what a client does"
                        + " with it, the others see",
                "share it only if you know that it keeps one for each client, or nothing"),
        ROOTS(
                "shared_roots",
                "it asks its clients for their folders, and is told none, since they are several",
                "name the folders in its arguments, and keep --share-scope cwd"),
        REQUESTS(
                "shared_requests",
                "it asks its clients for something that a shared server is not given, such as sampling or elicitation",
                "try --share-requests one-caller with --share-calls 1");

        private final String kind;
        private final String details;
        private final String remedy;

        Hazard(String kind, String details, String remedy) {
            this.kind = kind;
            this.details = details;
            this.remedy = remedy;
        }
    }

    /** A server starts. What was found of the one before counts still: it is the same command. */
    void serverStarted() {
        lists = 0;
    }

    /**
     * The server has listed its tools.
     *
     * @param answer a whole message
     */
    void listed(byte[] answer) {
        if (lists++ >= LISTS_LOOKED_AT || found.contains(Hazard.STATE)) {
            return;
        }
        Optional<FlatObject> result = FlatObject.parse(answer).flatMap(message -> message.object("result"));
        if (result.isPresent()) {
            for (FlatObject tool : result.get().objects("tools")) {
                if (OF_ONE_CLIENT.matcher(tool.text("name").orElse("")).matches()) {
                    found.add(Hazard.STATE);
                }
            }
        }
    }

    /** The server has asked for something. */
    void asked(String method) {
        if (method.equals("roots/list")) {
            found.add(Hazard.ROOTS);
        } else if (!isAskedFor) {
            found.add(Hazard.REQUESTS);
        }
    }

    /**
     * Kind, details and remedy of each. Names nothing of the server's.
     *
     * @param isSaidToBeShareable whether the server itself says that its state is not one client's
     */
    List<FlatObjectWriter> report(boolean isSaidToBeShareable) {
        List<FlatObjectWriter> list = new ArrayList<>();
        for (Hazard each : found) {
            if (each != Hazard.STATE || !isSaidToBeShareable) {
                list.add(new FlatObjectWriter()
                        .text("kind", each.kind)
                        .text("details", each.details)
                        .text("remedy", each.remedy));
            }
        }
        return list;
    }
}
