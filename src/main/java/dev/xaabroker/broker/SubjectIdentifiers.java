package dev.xaabroker.broker;

import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Signal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads whom a signal is about: simple subjects (RFC 9493 s3) and complex ones (SSF 1.0 s3; RULES H8). */
public final class SubjectIdentifiers {

    private static final String FORMAT = "format";
    private static final String COMPLEX = "complex";
    private static final String ISS_SUB = "iss_sub";
    private static final String EMAIL = "email";
    private static final String OPAQUE = "opaque";
    private static final String USER = "user";
    private static final String SESSION = "session";
    private static final String TENANT = "tenant";

    /** What a subject identifier means here. */
    public sealed interface About {

        /** Logins of ours, if they are held here. */
        record Logins(Signal.Whose whose) implements About {}

        /** A Shared Signals stream. */
        record Stream(String id) implements About {}

        /** Understood, and about nobody whom this broker could know. */
        record Nobody(String why) implements About {}
    }

    /** It cannot be read. The message is safe to send. */
    public static final class Malformed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** The session that Keycloak names beside a user of whom an administrator has ended all. */
    private static final String ALL_SESSIONS = "ALL";

    private SubjectIdentifiers() {}

    /**
     * Reads a subject of either sort.
     *
     * @param critical members of a complex subject that must be understood, or the signal is about nobody
     * @throws Malformed when it is no subject identifier
     */
    static About any(Map<String, ?> subject, IdentityProviderEntry idp, Set<String> critical) {
        Object format = subject.get(FORMAT);
        boolean complex =
                format == null ? subject.values().stream().anyMatch(Map.class::isInstance) : format.equals(COMPLEX);
        if (complex) {
            return complex(subject, idp, critical);
        }
        return text(subject, FORMAT).equals(OPAQUE)
                ? new About.Stream(text(subject, "id"))
                : simple(subject, idp).orElse(new About.Nobody("a format that is not understood"));
    }

    /**
     * Reads a subject that must be a user, by {@code email} or {@code iss_sub}.
     *
     * @throws Malformed when it is anything else
     */
    static About user(Map<String, ?> subject, IdentityProviderEntry idp) {
        return simple(subject, idp).orElseThrow(() -> new Malformed("the format must be email or iss_sub"));
    }

    /** A user; absent when the format is another. */
    private static Optional<About> simple(Map<String, ?> subject, IdentityProviderEntry idp) {
        return switch (text(subject, FORMAT)) {
            case EMAIL -> Optional.of(new About.Logins(new Signal.Whose(null, null, text(subject, EMAIL))));
            case ISS_SUB -> {
                String sub = text(subject, "sub");
                yield Optional.of(
                        text(subject, "iss").equals(idp.issuer())
                                ? new About.Logins(new Signal.Whose(sub, null, null))
                                : new About.Nobody("a user of another issuer"));
            }
            default -> Optional.empty();
        };
    }

    /**
     * All members must match. One that cannot be judged is passed over, which ends more rather than less, unless the
     * transmitter says that it is critical: then all is discarded.
     */
    private static About complex(Map<String, ?> subject, IdentityProviderEntry idp, Set<String> critical) {
        Map<String, Map<String, ?>> members = members(subject);
        Signal.@Nullable Whose user = null;
        String session = null;
        for (Map.Entry<String, Map<String, ?>> member : members.entrySet()) {
            Map<String, ?> value = member.getValue();
            boolean understood = false;
            if (member.getKey().equals(USER)) {
                About about = simple(value, idp).orElse(null);
                if (about instanceof About.Nobody) {
                    return about;
                }
                user = about instanceof About.Logins(Signal.Whose whose) ? whose : null;
                understood = user != null;
            } else if (member.getKey().equals(SESSION) && text(value, FORMAT).equals(OPAQUE)) {
                session = text(value, "id");
                understood = true;
            } else if (member.getKey().equals(TENANT)) {
                Optional<String> tenant = tenant(value);
                if (tenant.isPresent()
                        && !tenant.get().equals(idp.signals().ssf().tenant())) {
                    return new About.Nobody("another tenant; `ssf.tenant` says what ours is called");
                }
                understood = tenant.isPresent();
            }
            if (!understood && critical.contains(member.getKey())) {
                return new About.Nobody("a critical member is not understood");
            }
        }
        if (user != null && ALL_SESSIONS.equals(session)) {
            session = null;
        }
        return user == null && session == null
                ? new About.Nobody("neither a user nor a session that is understood")
                : new About.Logins(new Signal.Whose(
                        user == null ? null : user.subject(), session, user == null ? null : user.email()));
    }

    private static Map<String, Map<String, ?>> members(Map<String, ?> subject) {
        Map<String, Map<String, ?>> members = new LinkedHashMap<>();
        subject.forEach((name, value) -> {
            if (value instanceof Map<?, ?> member) {
                Map<String, Object> copy = new LinkedHashMap<>();
                member.forEach((key, content) -> copy.put(String.valueOf(key), content));
                members.put(name, copy);
            } else if (!name.equals(FORMAT)) {
                throw new Malformed("a member of a complex subject is no object");
            }
        });
        return members;
    }

    /** What a tenant is called; absent when the format is another. */
    private static Optional<String> tenant(Map<String, ?> member) {
        return switch (text(member, FORMAT)) {
            case OPAQUE -> Optional.of(text(member, "id"));
            case ISS_SUB -> Optional.of(text(member, "sub"));
            default -> Optional.empty();
        };
    }

    private static String text(Map<String, ?> subject, String name) {
        if (subject.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new Malformed("the subject identifier has no member " + name + " that is a text");
    }
}
