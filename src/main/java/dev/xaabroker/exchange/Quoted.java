package dev.xaabroker.exchange;

import java.util.Collection;

/** Text from a peer, made fit for a log line: printable ASCII, at most 200 characters, none of our secrets (RULES K5). */
final class Quoted {

    private static final int MAX = 200;
    /** As many characters in common with a secret are taken for an echo of it. */
    private static final int ECHO = 12;

    private Quoted() {}

    static String of(String text) {
        String cut = text.length() > MAX ? text.substring(0, MAX) : text;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }

    /** The same, and hidden as a whole when it repeats a piece of what was sent. */
    static String of(String text, Collection<String> sent) {
        String quoted = of(text);
        for (int at = 0; at + ECHO <= quoted.length(); at++) {
            String piece = quoted.substring(at, at + ECHO);
            if (sent.stream().anyMatch(secret -> secret.contains(piece))) {
                return "[hidden: it repeats the request]";
            }
        }
        return quoted;
    }
}
