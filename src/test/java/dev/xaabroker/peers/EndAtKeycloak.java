package dev.xaabroker.peers;

import dev.xaabroker.peers.Enterprise.Login;
import dev.xaabroker.peers.Enterprise.Person;
import java.time.Instant;
import java.util.List;

/** What ends logins at a Keycloak, or ought to. */
enum EndAtKeycloak {
    ADMIN_LOGOUT(true) {
        @Override
        void happen(Enterprise enterprise, Administrator administrator, List<Login> logins) {
            administrator.logsOut(Person.ALICE);
        }
    },
    SESSION_DELETE(true) {
        @Override
        void happen(Enterprise enterprise, Administrator administrator, List<Login> logins) {
            logins.forEach(login -> administrator.deletesSession(login.session()));
        }
    },
    /** The administrator makes the user choose a password at the next login, and the other devices are signed out with it. */
    PASSWORD_RESET_AND_CHOSEN(true) {
        @Override
        void prepare(Administrator administrator) {
            administrator.resetsPassword(Person.ALICE, true);
        }

        @Override
        void happen(Enterprise enterprise, Administrator administrator, List<Login> logins) {
            enterprise.logInChoosingAPassword(Person.ALICE);
        }
    },
    /** The administrator resets the password, and nothing else: to Keycloak the logins go on. */
    PASSWORD_RESET(false) {
        @Override
        void happen(Enterprise enterprise, Administrator administrator, List<Login> logins) {
            administrator.resetsPassword(Person.ALICE, false);
        }

        @Override
        boolean isKnownToKeycloak() {
            return false;
        }
    },
    USER_DISABLE(false) {
        @Override
        void happen(Enterprise enterprise, Administrator administrator, List<Login> logins) {
            administrator.enables(Person.ALICE, false);
        }

        @Override
        void undo(Administrator administrator) {
            administrator.enables(Person.ALICE, true);
        }
    },
    /** For the whole realm. It counts in seconds: up to the end of this one, or a refresh within it would outlive it. */
    REALM_NOT_BEFORE(false) {
        @Override
        void happen(Enterprise enterprise, Administrator administrator, List<Login> logins) {
            administrator.setsNotBefore(Instant.now().getEpochSecond() + 1);
        }

        @Override
        void undo(Administrator administrator) {
            administrator.setsNotBefore(0);
        }
    };

    private final boolean signalled;

    EndAtKeycloak(boolean signalled) {
        this.signalled = signalled;
    }

    /** Whether Keycloak sends a logout token (OIDC Back-Channel Logout). */
    boolean isSignalled() {
        return signalled;
    }

    /** Whether Keycloak itself refuses the logins afterwards. */
    boolean isKnownToKeycloak() {
        return true;
    }

    /** What has to be so before it, and ends nothing. */
    void prepare(Administrator administrator) {}

    /** Ends these logins of Alice's, and whatever else goes with them. */
    abstract void happen(Enterprise enterprise, Administrator administrator, List<Login> logins);

    /** Lets Alice in again; her old logins stay what they are to Keycloak. */
    void undo(Administrator administrator) {}
}
