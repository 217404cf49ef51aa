package dev.xaabroker.policy;

import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.SigningKey;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Leads from {@code env:NAME} and {@code file:PATH} to what they name. Secrets are never written into the policy itself,
 * and one that was is not repeated in the finding. Empty when a reference is of no use, which is reported.
 */
interface References {

    Pattern FORM = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:\\P{Cntrl}+");

    default Optional<Secret> secret(Text reference) {
        return secret(reference, "secret");
    }

    /** @param key how to speak of it in a finding */
    Optional<Secret> secret(Text reference, String key);

    Optional<SigningKey> signingKey(Text reference);

    /** A JWK Set document, checked. */
    Optional<String> jwks(Text reference);

    /** Whether {@code reference} is one by its form; it is reported when it is not. */
    static boolean isWellFormed(Text reference, String key, Findings findings) {
        if (FORM.matcher(reference.value()).matches()) {
            return true;
        }
        findings.at(
                reference.at(),
                "`" + key + "` must be a reference, env:NAME or file:PATH; values do not belong in this file,"
                        + " and one that has been in it should be replaced");
        return false;
    }
}
