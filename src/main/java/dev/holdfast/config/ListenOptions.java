package dev.holdfast.config;

import dev.holdfast.posix.sockets.ListeningSocket;
import dev.holdfast.settings.ListenAddress;
import dev.holdfast.settings.ListenSettings;
import dev.holdfast.text.Digits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads where sockets listen for the server. Loaded only when something was said of it. */
final class ListenOptions {
    private static final String FORM =
            "must be PORT, HOST:PORT or a path with a slash, with NAME= in front of it or not";
    private static final String LOCAL = "localhost";
    private static final int HIGHEST_PORT = 65_535;
    private static final int LONGEST_NUMBER = 5;
    private static final int LONGEST_NAME = 255;
    /** One message hands them all over, with those of the caller. */
    private static final int MOST = 32;

    private ListenOptions() {}

    static ListenSettings read(OptionValues values, String workingDirectory) {
        List<ListenAddress> addresses = new ArrayList<>();
        if (values.isSet(RunOption.LISTEN)) {
            for (String text : values.text(RunOption.LISTEN).split(",", -1)) {
                ListenAddress address = parse(values, text.trim(), workingDirectory);
                if (address != null) {
                    if (isAmong(addresses, address)) {
                        values.problem(RunOption.LISTEN, "has " + address + " twice");
                    }
                    addresses.add(address);
                }
            }
        }
        if (addresses.size() > MOST) {
            values.problem(RunOption.LISTEN, "may be given " + MOST + " times");
        }
        boolean asStdin = values.isOn(RunOption.LISTEN_STDIN);
        if (asStdin && addresses.size() + values.listenedSockets() != 1) {
            values.problem(RunOption.LISTEN_STDIN, "needs one --listen, and no more");
        }
        return new ListenSettings(addresses, asStdin);
    }

    private static boolean isAmong(List<ListenAddress> addresses, ListenAddress address) {
        for (ListenAddress other : addresses) {
            if (other.toString().equals(address.toString())) {
                return true;
            }
        }
        return false;
    }

    /** Null when it is none, which is told. */
    private static @Nullable ListenAddress parse(OptionValues values, String text, String workingDirectory) {
        int equals = text.indexOf('=');
        boolean isNamed = equals >= 0 && text.substring(0, equals).indexOf('/') < 0;
        String name = isNamed ? text.substring(0, equals) : "";
        String where = isNamed ? text.substring(equals + 1) : text;
        if (isNamed && !isName(name)) {
            values.problem(
                    RunOption.LISTEN,
                    "has a NAME that is not of 1 to 255 letters, digits, dots, hyphens and underscores");
            return null;
        }
        if (where.indexOf('/') >= 0) {
            return path(values, name, where, workingDirectory);
        }
        int colon = where.lastIndexOf(':');
        int port = port(where.substring(colon + 1));
        String host = colon < 0 ? "" : host(where.substring(0, colon));
        if (port == 0) {
            values.problem(
                    RunOption.LISTEN,
                    colon < 0 && !where.isEmpty() && !Digits.isNumber(where)
                            ? FORM
                            : "must have a port from 1 to 65535");
            return null;
        }
        if (colon >= 0 && host.isEmpty()) {
            values.problem(
                    RunOption.LISTEN,
                    "must have an address for HOST, such as 127.0.0.1, [::1] or localhost: names are not looked up");
            return null;
        }
        return new ListenAddress(name, host, port, "");
    }

    private static @Nullable ListenAddress path(
            OptionValues values, String name, String where, String workingDirectory) {
        String path = LockPlace.absolute(where, workingDirectory);
        if (where.endsWith("/")) {
            values.problem(RunOption.LISTEN, "must name a file, not a folder");
            return null;
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > ListeningSocket.longestPath()) {
            values.problem(
                    RunOption.LISTEN,
                    "has a path of more than " + ListeningSocket.longestPath()
                            + " bytes, which no client can connect to");
            return null;
        }
        return new ListenAddress(name, "", 0, path);
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isGood = (c < 128 && Character.isLetterOrDigit(c)) || c == '.' || c == '-' || c == '_';
            if (!isGood) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= LONGEST_NAME;
    }

    /** 0 for what is none. */
    private static int port(String text) {
        int port = Digits.isNumber(text) && text.length() <= LONGEST_NUMBER ? Integer.parseInt(text) : 0;
        return port <= HIGHEST_PORT ? port : 0;
    }

    /** Without brackets; empty for what is no address. */
    private static String host(String text) {
        if (text.equals(LOCAL)) {
            return "127.0.0.1";
        }
        boolean isBracketed = text.startsWith("[") && text.endsWith("]");
        String address = isBracketed ? text.substring(1, text.length() - 1) : text;
        boolean isLong = address.indexOf(':') >= 0;
        return isBracketed == isLong && ListeningSocket.address(address).length > 0 ? address : "";
    }
}
