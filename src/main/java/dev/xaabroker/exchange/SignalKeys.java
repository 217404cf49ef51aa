package dev.xaabroker.exchange;

import dev.xaabroker.grant.IdentityProviderEntry;
import java.util.Set;
import java.util.function.Function;

/**
 * The public keys behind signals. All methods throw {@link dev.xaabroker.keys.JwtRejected} when the check does, and
 * {@link dev.xaabroker.grant.Refusal} Unavailable or PeerFault when the keys cannot be had.
 */
public interface SignalKeys {

    /**
     * Checks with the keys that the IdP signs ID tokens with; when the key is unknown, once more with keys fetched anew.
     *
     * @param check given a JWK Set document, returns the claims or throws JwtRejected
     */
    <T> T byIdentityProvider(IdentityProviderEntry idp, Function<String, T> check);

    /** The same with the keys of the transmitter of the IdP's Shared Signals stream (SSF 1.0 s7.1). */
    <T> T byTransmitter(IdentityProviderEntry idp, Function<String, T> check);

    /** Members of a complex subject that must not be passed over, as the transmitter has it (SSF 1.0 s3.6, s7.1). */
    Set<String> criticalSubjectMembers(IdentityProviderEntry idp);
}
