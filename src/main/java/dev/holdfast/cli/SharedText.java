package dev.holdfast.cli;

import dev.holdfast.control.ControlAnswer;
import dev.holdfast.json.FlatObject;
import dev.holdfast.text.Printable;
import java.util.Optional;

/** What {@code status} says of the clients that share a server, for people. */
final class SharedText {
    private static final int LONGEST_WORD = 64;

    private SharedText() {}

    /**
     * Lines that follow those of the instance, each begun with a newline.
     *
     * @param answer the launcher's; empty when it has not answered
     */
    static String of(Optional<byte[]> answer) {
        Optional<FlatObject> share = answer.isEmpty()
                ? Optional.empty()
                : FlatObject.parse(answer.get()).flatMap(whole -> whole.object(ControlAnswer.SHARE));
        if (share.isEmpty()) {
            return "\n  shared     its launcher does not tell by whom";
        }
        StringBuilder text = new StringBuilder("\n  shared     ").append(all(share.get()));
        String url = word(share.get(), "url");
        if (!url.isEmpty()) {
            String token = Printable.line(share.get().text("tokenFile").orElse(""));
            text.append("\n  http       ").append(url);
            text.append(token.isEmpty() ? ", open to each program on this machine" : ", the token is in " + token);
        }
        for (FlatObject client : share.get().objects("clients")) {
            text.append("\n  client     ").append(one(client));
        }
        for (FlatObject warning : share.get().objects("warnings")) {
            text.append("\n  warning    ").append(sentence(warning, "details"));
            text.append("; ").append(sentence(warning, "remedy"));
        }
        return text.toString();
    }

    private static String all(FlatObject share) {
        String version = word(share, "protocolVersion");
        return "by " + count(share.objects("clients").size(), "client") + ", "
                + count(share.number("open", 0), "open request") + waiting(share)
                + (version.isEmpty() ? "" : "; it speaks " + version);
    }

    private static String one(FlatObject client) {
        String name = word(client, "name");
        long pid = client.number("pid", 0);
        long dropped = client.number("dropped", 0);
        return client.number("id", 0) + (name.isEmpty() ? "" : " (" + name + ")") + (pid == 0 ? "" : ", pid " + pid)
                + ", since " + word(client, "since") + ": " + count(client.number("requests", 0), "request") + ", "
                + client.number("open", 0) + " open" + waiting(client)
                + (dropped == 0 ? "" : ", " + count(dropped, "message") + " dropped");
    }

    private static String waiting(FlatObject counts) {
        long queued = counts.number("queued", 0);
        return queued == 0 ? "" : ", " + queued + " waiting";
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String sentence(FlatObject warning, String key) {
        return Printable.line(warning.text(key).orElse(""));
    }

    private static String word(FlatObject object, String key) {
        return Printable.plain(object.text(key).orElse(""), LONGEST_WORD);
    }
}
