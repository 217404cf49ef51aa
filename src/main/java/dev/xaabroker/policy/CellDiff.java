package dev.xaabroker.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What changes between two files for one client on one server. */
final class CellDiff {

    /** Up to so many groups every combination is tried; beyond, one and two at a time. */
    private static final int FEW = 4;

    private final Census older;
    private final Census newer;
    private final String client;
    private final String server;
    private final List<Login> logins;

    /** What changes, as far as a user sees it. */
    private record Effect(Login login, boolean allowedBefore, boolean allowedAfter, Diff.Kind kind, String scopes) {

        /** Whether who is told this need not be told {@code other}: the same scopes, and as much of a turn. */
        boolean tells(Effect other) {
            boolean noTurn = other.allowedBefore && other.allowedAfter;
            return equals(other)
                    || (noTurn && login.equals(other.login) && kind == other.kind && scopes.equals(other.scopes));
        }
    }

    private record Step(Access before, Access after) {}

    CellDiff(Census older, Census newer, String client, String server) {
        this.older = older;
        this.newer = newer;
        this.client = client;
        this.server = server;
        List<Requirement> requirements = new ArrayList<>(older.requirements(client, server));
        requirements.addAll(newer.requirements(client, server));
        this.logins = Login.toldApartBy(requirements);
    }

    List<Diff.Change> changes() {
        Set<String> named = new TreeSet<>(older.groups(client, server));
        named.addAll(newer.groups(client, server));
        List<Diff.Change> changes = new ArrayList<>();
        Map<Set<String>, Set<Effect>> told = new LinkedHashMap<>();
        for (Set<String> groups : combinations(named)) {
            changes.addAll(changes(groups, told));
        }
        return changes;
    }

    private List<Diff.Change> changes(Set<String> groups, Map<Set<String>, Set<Effect>> told) {
        Map<Step, List<Login>> steps = new LinkedHashMap<>();
        Set<Effect> effects = new HashSet<>();
        for (Login login : logins) {
            Step step = new Step(
                    older.outcome(client, server, groups, login), newer.outcome(client, server, groups, login));
            if (!step.before().isLike(step.after())) {
                Effect effect = effect(login, step);
                if (told.entrySet().stream()
                        .noneMatch(fewer -> groups.containsAll(fewer.getKey())
                                && fewer.getValue().stream().anyMatch(known -> known.tells(effect)))) {
                    steps.computeIfAbsent(step, s -> new ArrayList<>()).add(login);
                }
                effects.add(effect);
            }
        }
        told.put(groups, effects);
        List<Diff.Change> changes = new ArrayList<>();
        steps.forEach((step, which) -> changes.add(change(groups, step, which)));
        return changes;
    }

    private Diff.Change change(Collection<String> groups, Step step, List<Login> which) {
        List<String> words = which.size() == logins.size()
                ? List.of()
                : which.stream().map(login -> login.words(logins)).toList();
        return new Diff.Change(
                kind(step), client, server, List.copyOf(new TreeSet<>(groups)), words, step.before(), step.after());
    }

    private static Effect effect(Login login, Step step) {
        String scopes = step.before().scopes().minus(step.after().scopes()) + " | "
                + step.after().scopes().minus(step.before().scopes());
        String ttl = kind(step) == Diff.Kind.TTL
                ? step.before().ttl() + " " + step.after().ttl()
                : "";
        return new Effect(login, step.before().allowed(), step.after().allowed(), kind(step), scopes + ttl);
    }

    private static Diff.Kind kind(Step step) {
        boolean more = (step.after().allowed() && !step.before().allowed())
                || !step.after().scopes().minus(step.before().scopes()).isEmpty();
        boolean less = (step.before().allowed() && !step.after().allowed())
                || !step.before().scopes().minus(step.after().scopes()).isEmpty();
        if (more) {
            return less ? Diff.Kind.BOTH : Diff.Kind.GAINS;
        }
        return less ? Diff.Kind.LOSES : Diff.Kind.TTL;
    }

    /** Sets of groups, the smallest first: no group, one, and then as {@link #FEW} says. */
    private static List<Set<String>> combinations(Set<String> groups) {
        List<Set<String>> all = new ArrayList<>(List.of(Set.of()));
        int most = groups.size() <= FEW ? groups.size() : 2;
        for (String group : groups) {
            for (Set<String> fewer : List.copyOf(all)) {
                if (fewer.size() < most) {
                    Set<String> more = new TreeSet<>(fewer);
                    more.add(group);
                    all.add(more);
                }
            }
        }
        all.sort(Comparator.comparingInt(Set::size));
        return all;
    }
}
