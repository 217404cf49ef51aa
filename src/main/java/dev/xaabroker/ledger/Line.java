package dev.xaabroker.ledger;

import dev.xaabroker.grant.User;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is written: with an id, and holding only what a database gives back unchanged, since its hash is made
 * anew from there.
 *
 * @param id sorts by the time of its making within one writer
 */
record Line(String id, Entry entry) {

    private static final int LONGEST = 4000;

    /** Rounds times to what SQL keeps, cuts long texts, and replaces what PostgreSQL cannot store. */
    static Line of(String id, Entry entry) {
        User user = entry.user();
        return new Line(
                id,
                new Entry(
                        entry.time().truncatedTo(ChronoUnit.MICROS),
                        text(entry.requestId()),
                        text(entry.tenant()),
                        user == null ? null : new User(text(user.pseudonym())),
                        text(entry.client()),
                        optional(entry.server()),
                        optional(entry.sessionId()),
                        optional(entry.rule()),
                        optional(entry.revision()),
                        optional(entry.asked()),
                        optional(entry.granted()),
                        text(entry.decision()),
                        text(entry.reason()),
                        optional(entry.cache()),
                        millis(entry.leg1()),
                        millis(entry.leg2()),
                        optional(entry.peerError()),
                        optional(entry.idJagIdHash()),
                        optional(entry.tokenFingerprint()),
                        entry.weaker(),
                        optional(entry.detail())));
    }

    /** Adds every column of the entry, in the order of the table. */
    void addTo(Canonical bytes) {
        User user = entry.user();
        Duration leg1 = entry.leg1();
        Duration leg2 = entry.leg2();
        bytes.add(id)
                .add(entry.time())
                .add(entry.requestId())
                .add(entry.tenant())
                .add(user == null ? null : user.pseudonym())
                .add(entry.client())
                .add(entry.server())
                .add(entry.sessionId())
                .add(entry.rule())
                .add(entry.revision())
                .add(entry.asked())
                .add(entry.granted())
                .add(entry.decision())
                .add(entry.reason())
                .add(entry.cache())
                .add(leg1 == null ? null : leg1.toMillis())
                .add(leg2 == null ? null : leg2.toMillis())
                .add(entry.peerError())
                .add(entry.idJagIdHash())
                .add(entry.tokenFingerprint())
                .add(entry.weaker())
                .add(entry.detail());
    }

    private static @Nullable String optional(@Nullable String value) {
        return value == null ? null : text(value);
    }

    private static String text(String value) {
        String cut = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
        // A lone surrogate has no UTF-8, and PostgreSQL stores no NUL: one such text would fail a whole group commit.
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).replace('\u0000', '\uFFFD');
    }

    private static @Nullable Duration millis(@Nullable Duration value) {
        return value == null ? null : Duration.ofMillis(value.toMillis());
    }
}
