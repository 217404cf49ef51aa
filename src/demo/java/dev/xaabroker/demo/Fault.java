package dev.xaabroker.demo;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** One way in which a server goes wrong with a request; to be given to {@link Faults}. */
public sealed interface Fault {

    /** Answers this, without processing the request. */
    record Answer(int status, Map<String, String> headers, String body) implements Fault {

        /** With one more header. */
        public Answer header(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, Map.copyOf(more), body);
        }

        public Answer retryAfter(int seconds) {
            return header("Retry-After", Integer.toString(seconds));
        }
    }

    /** Closes the connection without processing the request. */
    record Drop() implements Fault {}

    /** Processes the request, then closes the connection instead of answering. */
    record LoseAnswer() implements Fault {}

    /** Waits before processing. */
    record Delay(Duration duration) implements Fault {}

    /** Waits before processing until the latch is open (at most 30 s); for tests of races. */
    record Hold(CountDownLatch latch) implements Fault {}

    /** Waits until the latch is open (at most 30 s), then closes the connection without processing the request. */
    record HoldAndDrop(CountDownLatch latch) implements Fault {}

    /** Processes the request and holds the answer back until the latch is open (at most 30 s). */
    record HoldAnswer(CountDownLatch latch) implements Fault {}

    /** Processes the request and tampers with the JSON members of a successful answer. */
    record Rewrite(Consumer<Map<String, Object>> change) implements Fault {}

    /** An OAuth error (RFC 6749 s5.2). */
    static Answer error(int status, String code) {
        return answer(status, Json.write(Map.of("error", code, "error_description", "as the test wished")));
    }

    /** An OAuth error with further members, such as {@code max_age} or {@code acr_values}. */
    static Answer error(int status, String code, Map<String, Object> members) {
        Map<String, Object> body = new LinkedHashMap<>(members);
        body.put("error", code);
        return answer(status, Json.write(body));
    }

    /** Any body, as {@code application/json} unless a header says otherwise. */
    static Answer answer(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"), body);
    }

    /** A redirect, which nobody may follow with credentials (RULES K2). */
    static Answer redirect(int status, String location) {
        return answer(status, "").header("Location", location);
    }

    static Fault drop() {
        return new Drop();
    }

    static Fault loseAnswer() {
        return new LoseAnswer();
    }

    static Fault delay(Duration duration) {
        return new Delay(duration);
    }

    static Fault hold(CountDownLatch latch) {
        return new Hold(latch);
    }

    static Fault holdAndDrop(CountDownLatch latch) {
        return new HoldAndDrop(latch);
    }

    static Fault holdAnswer(CountDownLatch latch) {
        return new HoldAnswer(latch);
    }

    static Fault rewrite(Consumer<Map<String, Object>> change) {
        return new Rewrite(change);
    }
}
