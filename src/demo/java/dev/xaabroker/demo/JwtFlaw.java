package dev.xaabroker.demo;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One thing wrong with a JWT that the demo identity provider signs: an ID-JAG or an ID token. */
public enum JwtFlaw {
    WRONG_TYP(d -> d.header.put("typ", "JWT")),
    ACCESS_TOKEN_TYP(d -> d.header.put("typ", "at+jwt")),
    ID_JAG_TYP(d -> d.header.put("typ", "oauth-id-jag+jwt")),
    NO_TYP(d -> d.header.remove("typ")),
    ALG_NONE(d -> {
        d.header.put("alg", "none");
        d.header.remove("kid");
    }),
    ALG_HS256(d -> d.header.put("alg", "HS256")),
    ALG_NOT_OF_THE_KEY(d -> d.header.put("alg", "ES256")),
    /** Signed by a key that is not published, under its own kid. */
    UNKNOWN_KEY(d -> {
        DemoKey stranger = DemoKey.generate();
        d.signWith(stranger).header.put("kid", stranger.kid());
    }),
    /** Signed by another key under the kid of the published one. */
    BAD_SIGNATURE(d -> d.signWith(DemoKey.generate())),
    EMBEDDED_JWK(d -> {
        DemoKey stranger = DemoKey.generate();
        d.signWith(stranger).header.put("jwk", stranger.publicJwk());
        d.header.remove("kid");
    }),
    JKU(d -> d.header.put("jku", "https://evil.example/jwks")),
    UNKNOWN_CRIT(d -> d.header.putAll(Map.of("crit", List.of("b64x"), "b64x", true))),
    WRONG_ISS(d -> d.claim("iss", "https://evil.example")),
    ISS_WITH_SLASH(d -> d.claim("iss", d.claims.get("iss") + "/")),
    NO_ISS(d -> d.claim("iss", null)),
    OTHER_AUD(d -> d.claim("aud", "https://other.example")),
    /** A slash more, or the slash missing where the audience ends in one. */
    AUD_SLASH(d -> {
        String aud = String.valueOf(d.claims.get("aud"));
        d.claim("aud", aud.endsWith("/") ? aud.substring(0, aud.length() - 1) : aud + "/");
    }),
    AUD_PREFIX(d -> d.claim("aud", d.claims.get("aud") + ".evil.example")),
    AUD_TOKEN_ENDPOINT(d -> d.claim("aud", d.claims.get("aud") + "/token")),
    TWO_AUD(d -> d.claim("aud", List.of(String.valueOf(d.claims.get("aud")), "https://other.example"))),
    /** Not a flaw: one element in an array is allowed. */
    AUD_ARRAY_OF_ONE(d -> d.claim("aud", List.of(String.valueOf(d.claims.get("aud"))))),
    NO_AUD(d -> d.claim("aud", null)),
    WRONG_CLIENT_ID(d -> d.claim("client_id", "someone-else")),
    NO_CLIENT_ID(d -> d.claim("client_id", null)),
    WRONG_AZP(d -> d.claim("azp", "someone-else")),
    /** The subject of another real user. */
    OTHER_SUBJECT(d -> d.claim(
            "sub", DemoUser.ALICE.sub().equals(d.claims.get("sub")) ? DemoUser.BOB.sub() : DemoUser.ALICE.sub())),
    NO_SUB(d -> d.claim("sub", null)),
    NO_JTI(d -> d.claim("jti", null)),
    NO_IAT(d -> d.claim("iat", null)),
    NO_EXP(d -> d.claim("exp", null)),
    EXPIRED(d -> d.claim("exp", seconds(d, "iat") - 600).claim("iat", seconds(d, "iat") - 900)),
    EXP_AS_TEXT(d -> d.claim("exp", String.valueOf(d.claims.get("exp")))),
    ISSUED_IN_THE_FUTURE(d -> d.claim("iat", seconds(d, "iat") + 600)),
    NOT_YET_VALID(d -> d.claim("nbf", seconds(d, "iat") + 600)),
    /** {@code aud} stands there twice. */
    DUPLICATE_MEMBER(d -> d.rawMember("\"aud\":\"https://other.example\"")),
    OTHER_RESOURCE(d -> d.claim("resource", "https://other.example/mcp")),
    MORE_RESOURCES(
            d -> d.claim("resource", List.of(String.valueOf(d.claims.get("resource")), "https://other.example/mcp"))),
    EMPTY_RESOURCE(d -> d.claim("resource", List.of())),
    NO_RESOURCE(d -> d.claim("resource", null)),
    EXTRA_SCOPE(d -> d.claim("scope", d.claims.get("scope") + " admin")),
    NO_SCOPE(d -> d.claim("scope", null)),
    WRONG_NONCE(d -> d.claim("nonce", "not-the-nonce"));

    // The lambdas hold nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Consumer<JwtDraft> change;

    JwtFlaw(Consumer<JwtDraft> change) {
        this.change = change;
    }

    static JwtDraft apply(Set<JwtFlaw> flaws, JwtDraft draft) {
        flaws.forEach(flaw -> flaw.change.accept(draft));
        return draft;
    }

    private static long seconds(JwtDraft draft, String claim) {
        return draft.claims.get(claim) instanceof Number number ? number.longValue() : 0;
    }
}
