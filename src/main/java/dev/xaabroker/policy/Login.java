package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import dev.xaabroker.grant.User;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A kind of login that the rules of a cell tell apart.
 *
 * @param acr null for one that no rule names
 * @param olderThan just older than this; null for a fresh login
 */
record Login(@Nullable String acr, @Nullable Duration olderThan) {

    private static final User SOMEBODY = new User("somebody");

    /** Every kind that {@code requirements} tell apart, the strongest last. */
    static List<Login> toldApartBy(Collection<Requirement> requirements) {
        Set<String> acrs = new TreeSet<>();
        Set<Duration> ages = new TreeSet<>();
        for (Requirement requirement : requirements) {
            String acr = requirement.acr();
            Duration age = requirement.maxAuthAge();
            if (acr != null) {
                acrs.add(acr);
            }
            if (age != null) {
                ages.add(age);
            }
        }
        List<@Nullable String> allAcrs = new ArrayList<>();
        allAcrs.add(null);
        allAcrs.addAll(acrs);
        List<@Nullable Duration> allAges = new ArrayList<>(new ArrayList<>(ages).reversed());
        allAges.add(null);
        List<Login> logins = new ArrayList<>();
        allAcrs.forEach(acr -> allAges.forEach(age -> logins.add(new Login(acr, age))));
        return logins;
    }

    Identity of(Collection<String> groups, Instant at) {
        Instant authTime = olderThan == null ? at : at.minus(olderThan).minusSeconds(1);
        return new Identity(SOMEBODY, null, Set.copyOf(groups), Map.of(), acr, authTime);
    }

    /** In words; {@code any login} when it is the only kind. */
    String words(List<Login> all) {
        if (all.size() == 1) {
            return "any login";
        }
        List<String> words = new ArrayList<>();
        boolean acrsDiffer = all.stream().anyMatch(login -> login.acr() != null);
        boolean agesDiffer = all.stream().anyMatch(login -> login.olderThan() != null);
        if (acrsDiffer) {
            words.add(acr == null ? "other acr" : "acr " + acr);
        }
        if (agesDiffer) {
            words.add(olderThan == null ? "fresh" : "older than " + Spoken.duration(olderThan));
        }
        return String.join(", ", words);
    }
}
