package dev.xaabroker.policy;

import dev.xaabroker.grant.Scopes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an edit of the managed-connections file does to people: who gains and who loses, for every client, every server
 * and the groups that rules name.
 *
 * <p>A change is told for the fewest groups that show it. Conditions ({@code when}) are taken to hold; {@code rules}
 * names each rule that was added, removed or edited, conditions included.
 *
 * @param before the revision of the older file
 * @param after the revision of the newer file
 * @param changes by server, client, groups
 * @param rules in words, sorted
 */
public record Diff(String before, String after, List<Change> changes, List<String> rules) {

    public Diff {
        changes = List.copyOf(changes);
        rules = List.copyOf(rules);
    }

    /** Which way a change goes. */
    public enum Kind {
        GAINS,
        LOSES,
        /** Gains some scopes and loses others. */
        BOTH,
        /** The same scopes, for a longer or a shorter time. */
        TTL
    }

    /**
     * What changes for members of {@code groups}.
     *
     * @param groups all of which they are in; empty for users who are in none that a rule names
     * @param logins which logins it is true of, in words; empty for all
     */
    public record Change(
            Kind kind,
            String client,
            String server,
            List<String> groups,
            List<String> logins,
            Access before,
            Access after) {

        public Change {
            groups = List.copyOf(groups);
            logins = List.copyOf(logins);
        }

        public Scopes gained() {
            return after.scopes().minus(before.scopes());
        }

        public Scopes lost() {
            return before.scopes().minus(after.scopes());
        }
    }

    /** Whether nobody gains or loses anything. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Compares two files as they stand at {@code at}: what has expired then is expired. */
    public static Diff between(Policy before, Policy after, Instant at) {
        Census older = new Census(before, at);
        Census newer = new Census(after, at);
        List<Change> changes = new ArrayList<>();
        for (String server : union(older.servers(), newer.servers())) {
            for (String client : union(older.clients(), newer.clients())) {
                changes.addAll(new CellDiff(older, newer, client, server).changes());
            }
        }
        return new Diff(before.revision(), after.revision(), changes, RuleChanges.between(before, after));
    }

    private static Set<String> union(Set<String> a, Set<String> b) {
        Set<String> all = new TreeSet<>(a);
        all.addAll(b);
        return all;
    }
}
