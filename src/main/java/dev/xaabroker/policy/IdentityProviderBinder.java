package dev.xaabroker.policy;

import dev.xaabroker.grant.AssertionShape;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Profile;
import dev.xaabroker.grant.Status;
import dev.xaabroker.grant.SubjectStrategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code identityProviders}. */
final class IdentityProviderBinder {

    static final Map<String, Status> STATUSES = Values.lowerCase(Status.values());

    private static final Duration DEFAULT_RECHECK = Duration.ofSeconds(60);
    private static final Map<String, Profile> PROFILES =
            Stream.of(Profile.values()).collect(Collectors.toUnmodifiableMap(Profile::wireName, profile -> profile));
    private static final Map<String, SubjectStrategy> STRATEGIES =
            Map.of("rt-direct", SubjectStrategy.RT_DIRECT, "rt-to-id-token", SubjectStrategy.RT_TO_ID_TOKEN);
    private static final Map<String, Boolean> RESOURCE_IN_ID_JAG = Map.of("required", false, "pinned", true);
    private static final Pattern CLAIM_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,99}");

    /** What a test says about a user besides the claims; {@code groups} is a claim like any other. */
    private static final Set<String> OWN_NAMES = Set.of("acr", "authAge", "idp", "values");

    private final String tenant;
    private final Identifiers identifiers;
    private final SignalsBinder signals;
    private final Findings findings;

    IdentityProviderBinder(String tenant, Identifiers identifiers, SignalsBinder signals, Findings findings) {
        this.tenant = tenant;
        this.identifiers = identifiers;
        this.signals = signals;
        this.findings = findings;
    }

    /** One IdP, and the shape of client assertions that its registrations use unless they say otherwise. */
    record Bound(IdentityProviderEntry entry, AssertionShape shape) {}

    Map<String, Bound> bind(Fields section) {
        Map<String, Bound> bound = new LinkedHashMap<>();
        for (Text name : section.names()) {
            Values.checkName(name, findings);
            section.fields(name.value(), "identity provider " + name.value())
                    .ifPresent(fields -> bound.put(name.value(), one(name.value(), fields)));
        }
        return bound;
    }

    private Bound one(String name, Fields fields) {
        Optional<Text> issuer = fields.requiredText("issuer", "its issuer identifier, exactly as in its tokens");
        issuer.ifPresent(text -> identifiers.checkIssuer(text, "issuer"));
        fields.require("profile", PROFILES.keySet().stream().sorted().collect(Collectors.joining(", ")));
        Profile profile = Values.choice(fields, "profile", PROFILES).orElse(Profile.ID_JAG);
        AssertionShape shape = fields.fields("auth", "`auth` of " + fields.what())
                .map(auth -> shape(auth, profile.assertion()))
                .orElse(profile.assertion());
        Duration recheck = Values.duration(fields, "recheck").orElse(DEFAULT_RECHECK);
        PeerBinder.Send send = PeerBinder.send(fields);
        IdentityProviderEntry entry = new IdentityProviderEntry(
                tenant,
                name,
                issuer.map(Text::value).orElse(""),
                Values.choice(fields, "status", STATUSES).orElse(Status.ENABLED),
                profile,
                strategy(fields, profile),
                recheck,
                claims(fields),
                send.resource(),
                send.scope(),
                resourcePinned(fields),
                PeerBinder.tokenEndpointOrigins(fields, identifiers),
                PeerBinder.peer(fields, "idp:" + name),
                signals.bind(fields, issuer.map(Text::value).orElse(""), recheck, shape));
        fields.done();
        return new Bound(entry, shape);
    }

    private static AssertionShape shape(Fields auth, AssertionShape standard) {
        AssertionShape shape = CredentialsBinder.shape(auth, standard);
        auth.done();
        return shape;
    }

    private SubjectStrategy strategy(Fields fields, Profile profile) {
        Optional<SubjectStrategy> strategy = Values.choice(fields, "strategy", STRATEGIES);
        if (strategy.isPresent() && profile == Profile.KEYCLOAK) {
            findings.at(fields.key("strategy"), "profile keycloak has its own strategy: remove `strategy`");
        }
        return strategy.orElse(profile.strategy());
    }

    private Map<String, String> claims(Fields fields) {
        Map<String, String> claims = new LinkedHashMap<>();
        fields.fields("claims", "`claims` of " + fields.what()).ifPresent(section -> {
            for (Text name : section.names()) {
                checkClaimName(name);
                section.text(name.value()).ifPresent(claim -> claims.put(name.value(), claim.value()));
            }
        });
        return claims;
    }

    /** A condition says {@code user.department}, and a test says {@code department} beside {@code acr}. */
    private void checkClaimName(Text name) {
        if (!CLAIM_NAME.matcher(name.value()).matches()) {
            findings.at(
                    name.at(),
                    "a claim is called by letters, digits and _ here, as a condition says user.NAME: rename it on the left");
        } else if (OWN_NAMES.contains(name.value())) {
            findings.at(name.at(), "`" + name.value() + "` is known without being mapped: remove it, or rename it");
        }
    }

    private static boolean resourcePinned(Fields fields) {
        return fields.fields("idJag", "`idJag` of " + fields.what())
                .map(idJag -> {
                    boolean pinned =
                            Values.choice(idJag, "resource", RESOURCE_IN_ID_JAG).orElse(false);
                    idJag.done();
                    return pinned;
                })
                .orElse(false);
    }
}
