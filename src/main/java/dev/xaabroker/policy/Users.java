package dev.xaabroker.policy;

import dev.xaabroker.grant.Identity;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whom a rule is about. */
sealed interface Users {

    /** Whether a user who logged in at {@code idp} is one of them. */
    boolean include(String idp, Identity user);

    /** Whether that user may be one of them, for all that is known: of unknown claims nothing is ruled out. */
    default boolean mayInclude(String idp, Identity user) {
        return user.claimsKnown() ? include(idp, user) : couldBeAt(idp);
    }

    /** The IdP whose users they are; null for every IdP. */
    @Nullable
    String idp();

    /** Whether some user of {@code idp} could be one of them. */
    boolean couldBeAt(String idp);

    /** Whether every user of {@code idp} is one of them, so that nothing about the user need be known. */
    boolean areAllOf(String idp);

    /**
     * Every user, written {@code users: any}.
     *
     * @param idp only of this IdP; null for every IdP, which only a deny rule can say when there are several
     */
    record Anyone(@Nullable String idp) implements Users {

        @Override
        public boolean include(String idp, Identity user) {
            return couldBeAt(idp);
        }

        @Override
        public boolean couldBeAt(String idp) {
            return this.idp == null || this.idp.equals(idp);
        }

        @Override
        public boolean areAllOf(String idp) {
            return couldBeAt(idp);
        }
    }

    /** Users with one of {@code groups}, as {@code idp} names them; another IdP's group of that name is another group. */
    record InGroups(Set<String> groups, String idp) implements Users {

        public InGroups {
            groups = Set.copyOf(groups);
        }

        @Override
        public boolean include(String idp, Identity user) {
            return couldBeAt(idp) && groups.stream().anyMatch(user.groups()::contains);
        }

        @Override
        public boolean couldBeAt(String idp) {
            return this.idp.equals(idp);
        }

        @Override
        public boolean areAllOf(String idp) {
            return false;
        }
    }
}
