package dev.xaabroker.demo;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The identity provider's memory: who is logged in, and which opaque tokens stand for that. Thread-safe. */
final class SsoSessions {

    /** A session of one person in one browser. */
    record Session(String sid, String userName, Instant authTime) {}

    /** What a refresh grant yields; {@code nextRefreshToken} is null without rotation. */
    record Redeemed(Session session, @Nullable String nextRefreshToken) {}

    /** All refresh tokens that descend from one login of one client. */
    private static final class Family {
        private final Session session;
        private final String clientId;
        private boolean revoked;

        Family(Session session, String clientId) {
            this.session = session;
            this.clientId = clientId;
        }
    }

    private static final class RefreshToken {
        private final Family family;
        private @Nullable Instant rotatedAt;
        private @Nullable String successor;

        RefreshToken(Family family) {
            this.family = family;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, DemoUser> users = new HashMap<>();
    private final Map<String, Session> alive = new HashMap<>();
    private final Map<String, RefreshToken> refreshTokens = new HashMap<>();
    private final Map<String, Family> accessTokens = new HashMap<>();
    private final Set<String> suspended = new HashSet<>();
    private int reuses;

    static String random(String prefix) {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Alice and bob as they were, nobody suspended; sessions stay. */
    synchronized void reset() {
        put(DemoUser.ALICE);
        put(DemoUser.BOB);
        suspended.clear();
        reuses = 0;
    }

    synchronized void put(DemoUser user) {
        users.put(user.name(), user);
    }

    synchronized DemoUser user(String name) {
        DemoUser user = users.get(name);
        if (user == null || suspended.contains(name)) {
            throw OAuthProblem.of("invalid_grant", "no such user");
        }
        return user;
    }

    /** A disabled user: sessions live on, but nothing works until the user is enabled again. */
    synchronized void suspend(String name, boolean suspend) {
        if (suspend) {
            suspended.add(name);
        } else {
            suspended.remove(name);
        }
    }

    synchronized Session begin(String userName, Instant authTime) {
        Session session = new Session(random("sid_"), user(userName).name(), authTime);
        alive.put(session.sid(), session);
        return session;
    }

    synchronized String refreshToken(Session session, String clientId) {
        return remember(new Family(session, clientId));
    }

    synchronized String accessToken(Session session, String clientId) {
        String token = random("idp_at_");
        accessTokens.put(token, new Family(session, clientId));
        return token;
    }

    private String remember(Family family) {
        String token = random("idp_rt_");
        refreshTokens.put(token, new RefreshToken(family));
        return token;
    }

    synchronized Session session(String sid) {
        Session session = alive.get(sid);
        if (session == null) {
            throw OAuthProblem.of("invalid_grant", "the session has ended");
        }
        user(session.userName());
        return session;
    }

    /** The session behind a refresh token, without spending it. */
    synchronized Session ofRefreshToken(String token, String clientId) {
        RefreshToken known = refreshTokens.get(token);
        if (known == null || known.rotatedAt != null) {
            throw OAuthProblem.of("invalid_grant", "unknown or spent refresh token");
        }
        return check(known.family, clientId);
    }

    synchronized Session ofAccessToken(String token, String clientId) {
        Family family = accessTokens.get(token);
        if (family == null) {
            throw OAuthProblem.of("invalid_request", "unknown access token");
        }
        return check(family, clientId);
    }

    private Session check(Family family, String clientId) {
        if (!family.clientId.equals(clientId)) {
            throw OAuthProblem.of("invalid_grant", "issued to another client");
        }
        if (family.revoked) {
            throw OAuthProblem.of("invalid_grant", "revoked");
        }
        return session(family.session.sid());
    }

    synchronized Redeemed redeem(String token, String clientId, boolean rotate, IdpBehaviour behaviour, Instant now) {
        RefreshToken known = refreshTokens.get(token);
        if (known == null) {
            throw OAuthProblem.of("invalid_grant", "unknown refresh token");
        }
        Session session = check(known.family, clientId);
        if (known.rotatedAt != null) {
            if (now.isBefore(known.rotatedAt.plus(behaviour.rotationGrace))) {
                return new Redeemed(session, known.successor);
            }
            known.family.revoked = true;
            reuses++;
            throw OAuthProblem.of("invalid_grant", "a spent refresh token came back: its family is revoked");
        }
        if (!rotate) {
            return new Redeemed(session, null);
        }
        known.rotatedAt = now;
        known.successor = remember(known.family);
        return new Redeemed(session, known.successor);
    }

    synchronized void revoke(String refreshToken) {
        RefreshToken known = refreshTokens.get(refreshToken);
        if (known != null) {
            known.family.revoked = true;
        }
    }

    /** Ends all sessions of a person; returns how many there were. */
    synchronized int endAll(String userName) {
        int before = alive.size();
        alive.values().removeIf(s -> s.userName().equals(userName));
        return before - alive.size();
    }

    synchronized void end(String sid) {
        alive.remove(sid);
    }

    synchronized int reuses() {
        return reuses;
    }
}
