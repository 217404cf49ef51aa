package dev.xaabroker.cli;

import dev.xaabroker.cli.Attempt.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What the connects of a canary say about its end: arithmetic, and no clock but this machine's. All times are in milliseconds
 * from {@link Moment#answered}, and negative before it.
 *
 * @param replicas what each of them did
 * @param wrong what breaks the bound, or leaves it unproven; empty when it holds
 */
record RevocationProof(List<Replica> replicas, List<String> wrong) {

    /** Connects under way are over after this (RULES H13). */
    private static final Duration UNDER_WAY = Duration.ofSeconds(1);

    private static final int SHOWN = 3;

    /**
     * The end, by {@link System#nanoTime}.
     *
     * @param asked when it was asked for
     * @param answered when its answer had been read
     * @param acknowledged whether that answer promises anything: a signal that went elsewhere was not answered to us
     */
    record Moment(long asked, long answered, boolean acknowledged) {}

    /**
     * One replica.
     *
     * @param after how many connects began after the answer
     * @param tokensAfter how many of these got a token
     * @param lastToken when the last token of all arrived
     * @param firstRefusal when the first refusal arrived
     */
    record Replica(
            String url,
            int connects,
            int tokens,
            int after,
            int tokensAfter,
            int errors,
            OptionalLong lastToken,
            OptionalLong firstRefusal) {}

    static RevocationProof of(List<String> urls, List<Attempt> attempts, Moment end) {
        List<Replica> replicas = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            int replica = i;
            List<Attempt> its = attempts.stream()
                    .filter(attempt -> attempt.replica() == replica)
                    .sorted(Comparator.comparingLong(Attempt::began))
                    .toList();
            replicas.add(replica(urls.get(i), its, end));
            wrong.addAll(wrong(urls.get(i), its, end));
        }
        return new RevocationProof(replicas, wrong);
    }

    private static Replica replica(String url, List<Attempt> its, Moment end) {
        List<Attempt> after = beganAfter(its, end);
        return new Replica(
                url,
                its.size(),
                count(its, Outcome.TOKEN),
                after.size(),
                count(after, Outcome.TOKEN),
                count(its, Outcome.ERROR),
                arrivals(its, Outcome.TOKEN, end).max(),
                arrivals(its, Outcome.REFUSED, end).min());
    }

    private static List<String> wrong(String url, List<Attempt> its, Moment end) {
        List<String> wrong = new ArrayList<>();
        List<Attempt> after = beganAfter(its, end);
        if (its.stream().anyMatch(attempt -> attempt.outcome() == Outcome.REFUSED && attempt.ended() < end.asked())) {
            wrong.add(url + " refused before the end was asked for: something else ended the canary");
        }
        if (end.acknowledged()) {
            told(
                    its,
                    url + " gave a token to a connect begun after the end's answer",
                    attempt -> attempt.outcome() == Outcome.TOKEN && attempt.began() > end.answered(),
                    end,
                    wrong);
            told(
                    its,
                    url + " gave a token to a connect under way, more than " + UNDER_WAY.toMillis()
                            + " ms after the end's answer",
                    attempt -> attempt.outcome() == Outcome.TOKEN
                            && attempt.began() <= end.answered()
                            && attempt.ended() - end.answered() > UNDER_WAY.toNanos(),
                    end,
                    wrong);
        }
        if (after.isEmpty() || after.getLast().outcome() != Outcome.REFUSED) {
            wrong.add(url + " did not refuse at last: "
                    + (after.isEmpty()
                            ? "no connect was answered"
                            : after.getLast().outcome() == Outcome.TOKEN
                                    ? "it gives tokens"
                                    : after.getLast().said()));
        }
        return wrong;
    }

    private static void told(List<Attempt> its, String what, Predicate<Attempt> which, Moment end, List<String> wrong) {
        List<Attempt> found = its.stream().filter(which).toList();
        if (!found.isEmpty()) {
            long last = arrivals(found, Outcome.TOKEN, end).max().orElseThrow();
            List<String> requests =
                    found.stream().limit(SHOWN).map(Attempt::requestId).toList();
            wrong.add(what + ": " + found.size() + " times, the last " + last + " ms after it, request ids "
                    + String.join(", ", requests));
        }
    }

    private static List<Attempt> beganAfter(List<Attempt> its, Moment end) {
        return its.stream().filter(attempt -> attempt.began() > end.answered()).toList();
    }

    private static int count(List<Attempt> its, Outcome outcome) {
        return (int)
                its.stream().filter(attempt -> attempt.outcome() == outcome).count();
    }

    private static LongStream arrivals(List<Attempt> its, Outcome outcome, Moment end) {
        return its.stream()
                .filter(attempt -> attempt.outcome() == outcome)
                .mapToLong(attempt -> Math.floorDiv(attempt.ended() - end.answered(), 1_000_000));
    }

    boolean holds() {
        return wrong.isEmpty();
    }

    /** Connects that began after the answer. */
    int after() {
        return replicas.stream().mapToInt(Replica::after).sum();
    }

    /** When the last token of all arrived. */
    OptionalLong lastToken() {
        return replicas.stream()
                .flatMapToLong(replica -> replica.lastToken().stream())
                .max();
    }

    List<List<String>> table() {
        return Stream.concat(
                        Stream.of(List.of(
                                "REPLICA",
                                "CONNECTS",
                                "TOKENS",
                                "LAST TOKEN",
                                "FIRST REFUSAL",
                                "BEGUN AFTER",
                                "TOKENS OF THOSE",
                                "ERRORS")),
                        IntStream.range(0, replicas.size()).mapToObj(i -> row(replicas.get(i))))
                .toList();
    }

    private static List<String> row(Replica one) {
        return List.of(
                one.url(),
                Integer.toString(one.connects()),
                Integer.toString(one.tokens()),
                ms(one.lastToken()),
                ms(one.firstRefusal()),
                Integer.toString(one.after()),
                Integer.toString(one.tokensAfter()),
                Integer.toString(one.errors()));
    }

    private static String ms(OptionalLong time) {
        return time.isPresent() ? time.getAsLong() + " ms" : "";
    }
}
