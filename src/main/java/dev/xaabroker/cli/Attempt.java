package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One connect of a canary, and what came of it.
 *
 * @param replica by its place in the list
 * @param began {@link System#nanoTime} before anything was sent
 * @param ended the same when the answer had been read
 * @param said what was answered in place of a token: error and reason
 * @param requestId finds it in the ledger; empty when no answer came
 */
record Attempt(int replica, long began, long ended, Outcome outcome, String said, String requestId) {

    /** What came of it. */
    enum Outcome {
        TOKEN,
        /** Because the login is over. */
        REFUSED,
        /** Anything else: it proves nothing. */
        ERROR
    }

    static Attempt answered(int replica, long began, long ended, Http.Reply reply) {
        JsonNode said = reply.json();
        String reason = said.path("reason").asText("");
        boolean token = reply.status() == 200 && said.path("access_token").isTextual();
        boolean over = reply.status() == 400
                && (said.path("error").asText().equals("invalid_grant") || reason.endsWith("-killed"));
        return new Attempt(
                replica,
                began,
                ended,
                token ? Outcome.TOKEN : over ? Outcome.REFUSED : Outcome.ERROR,
                token ? "" : reply.status() + " " + AdminFace.printable(reason),
                reply.requestId().map(AdminFace::printable).orElse(""));
    }

    static Attempt failed(int replica, long began, long ended, Stopped why) {
        return new Attempt(replica, began, ended, Outcome.ERROR, Stopped.words(why), "");
    }
}
