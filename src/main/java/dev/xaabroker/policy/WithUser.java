package dev.xaabroker.policy;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.Scopes;
import dev.xaabroker.policy.Attempt.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The whole decision over one pair of client and server: deny rules, then connections (POLICY.md, "Decision order").
 *
 * <p>Each scope asked for needs one connection whose every condition holds; several connections may share the work, and
 * all that apply count for the ttl. A request that names no scope gets what those connections give, less what deny rules
 * take; when nothing is left the deny rule refused it.
 */
final class WithUser {

    private final Question question;
    private final List<DenyRule> denyRules;
    private final List<Attempt> attempts;
    private final List<Attempt> trials;
    private final List<String> notes = new ArrayList<>();
    private @Nullable DenyRule deniedBy;
    private boolean deniedOutright;
    private @Nullable Stop stop;

    WithUser(Question question, Identity user) {
        this.question = question;
        this.denyRules = question.denyRules().stream()
                .filter(rule -> rule.users().mayInclude(question.idp(), user))
                .toList();
        Facts facts = new Facts(user, question.client(), question.server(), question.query());
        this.attempts = attempts(question.connections().enforced(), user, facts);
        this.trials = attempts(question.connections().audited(), user, facts);
    }

    Question question() {
        return question;
    }

    /** The deny rules that are about this user too, both modes. */
    List<DenyRule> denyRules() {
        return denyRules;
    }

    List<Attempt> attempts() {
        return attempts;
    }

    /** The attempts of connections in audit mode. */
    List<Attempt> trials() {
        return trials;
    }

    /** The deny rule that refused; null when none did, or before {@link #decide()}. */
    @Nullable
    DenyRule deniedBy() {
        return deniedBy;
    }

    /** Whether a deny rule refused before any connection was looked at. */
    boolean isDeniedOutright() {
        return deniedOutright;
    }

    /** Where it ended for lack of a connection whose every condition holds; null when it did not. */
    @Nullable
    Stop stop() {
        return stop;
    }

    private List<Attempt> attempts(List<Table.Offer> offers, Identity user, Facts facts) {
        return offers.stream()
                .map(offer -> Attempt.of(offer, question, user, facts))
                .toList();
    }

    Decision decide() {
        denyRules.stream()
                .filter(rule -> rule.mode() == Mode.AUDIT && rule.refuses(question.asked()))
                .forEach(rule -> notes.add("would-deny:" + rule.id()));
        Optional<DenyRule> denied = denyRules.stream()
                .filter(rule -> rule.mode() == Mode.ENFORCE && rule.refuses(question.asked()))
                .findFirst();
        if (denied.isPresent()) {
            deniedOutright = true;
            return refused(denied.get());
        }
        return question.asked().map(this::asked).orElseGet(this::unasked);
    }

    /** The request names scopes: all of them, or none. */
    private Decision asked(Scopes asked) {
        noteTrials(asked);
        Optional<Stop> earliest = asked.values().stream()
                .flatMap(scope -> furthest(scope).stream())
                .min(Stop.EARLIEST);
        if (attempts.isEmpty()) {
            return refused(question.refusals().noConnection());
        }
        if (earliest.isPresent()) {
            return refused(earliest.get());
        }
        return allowed(
                attempts.stream()
                        .filter(attempt -> attempt.grants() && attempt.scopes().intersects(asked))
                        .toList(),
                asked);
    }

    /** Where {@code scope} fails; absent when some connection grants it. */
    private Optional<Stop> furthest(String scope) {
        return attempts.stream()
                .map(attempt -> new Stop(attempt, attempt.reachFor(scope)))
                .max(Stop.FURTHEST)
                .filter(furthest -> furthest.reach() != Reach.GRANTED);
    }

    /** The request names no scope: what the connections give, less what is denied. */
    private Decision unasked() {
        List<Attempt> granting = attempts.stream().filter(Attempt::grants).toList();
        Scopes given = union(granting);
        Scopes rest = given.minus(taken(Mode.ENFORCE));
        noteTrials(union(trials).minus(taken(Mode.ENFORCE)));
        if (granting.isEmpty()) {
            return attempts.stream()
                    .map(attempt -> new Stop(attempt, attempt.reach()))
                    .max(Stop.FURTHEST)
                    .map(this::refused)
                    .orElseGet(() -> refused(question.refusals().noConnection()));
        }
        denyRules.stream()
                .filter(rule -> rule.mode() == Mode.AUDIT && rule.takes().intersects(given))
                .forEach(rule -> notes.add("would-deny:" + rule.id()));
        if (rest.isEmpty() && !given.isEmpty()) {
            return denyRules.stream()
                    .filter(rule -> rule.mode() == Mode.ENFORCE && rule.takes().intersects(given))
                    .findFirst()
                    .map(this::refused)
                    .orElseThrow();
        }
        return allowed(
                granting.stream()
                        .filter(attempt -> rest.isEmpty() || attempt.scopes().intersects(rest))
                        .toList(),
                rest);
    }

    private Scopes taken(Mode mode) {
        return denyRules.stream()
                .filter(rule -> rule.mode() == mode)
                .map(DenyRule::takes)
                .reduce(Scopes.NONE, Scopes::union);
    }

    private static Scopes union(List<Attempt> attempts) {
        return attempts.stream().map(Attempt::scopes).reduce(Scopes.NONE, Scopes::union);
    }

    /** Connections in audit mode that would grant one of {@code wanted}; on a server without scopes, any that applies. */
    private void noteTrials(Scopes wanted) {
        boolean scopeless =
                question.asked().isEmpty() && question.server().scopes().isEmpty();
        trials.stream()
                .filter(trial -> trial.grants() && (scopeless || trial.scopes().intersects(wanted)))
                .forEach(trial -> notes.add("would-allow:" + trial.connection().id()));
    }

    private Decision allowed(List<Attempt> granting, Scopes scopes) {
        List<String> ids =
                granting.stream().map(attempt -> attempt.connection().id()).toList();
        Duration ttl = granting.stream()
                .map(attempt -> attempt.connection().ttl())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new Decision.Allowed(ids, scopes, ttl, fingerprint(ids, scopes, ttl), notes);
    }

    /** Ids and scope values hold neither commas nor line ends, so that no two answers share a text. */
    private String fingerprint(List<String> ids, Scopes scopes, Duration ttl) {
        return dev.xaabroker.keys.Fingerprint.sha256(
                String.join(",", ids) + "\n" + scopes + "\n" + ttl.toSeconds() + "\n" + question.fingerprint());
    }

    private Decision refused(DenyRule rule) {
        deniedBy = rule;
        return refused(question.refusals().byRule(rule));
    }

    private Decision refused(Stop furthest) {
        stop = furthest;
        Attempt attempt = furthest.attempt();
        return refused(question.refusals().byConnection(attempt.connection(), furthest.reach(), attempt.why()));
    }

    private Decision.Refused refused(Failure failure) {
        return new Decision.Refused(failure, notes);
    }
}
