package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Failure.Hop;
import dev.xaabroker.grant.IdentityProviderEntry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Signal keys from where IdPs and transmitters publish them. */
@ApplicationScoped
class PublishedSignalKeys implements SignalKeys {

    private final KeySets keys;
    private final Transmitters transmitters;

    PublishedSignalKeys(KeySets keys, Transmitters transmitters) {
        this.keys = keys;
        this.transmitters = transmitters;
    }

    @Override
    public <T> T byIdentityProvider(IdentityProviderEntry idp, Function<String, T> check) {
        return keys.verified(idp, check);
    }

    @Override
    public <T> T byTransmitter(IdentityProviderEntry idp, Function<String, T> check) {
        Optional<String> uri = transmitters.of(idp).flatMap(Transmitters.Configuration::jwksUri);
        if (uri.isPresent()) {
            return keys.verified(idp.peer(), uri.get(), check);
        }
        if (idp.signals().ssf().transmitter().equals(idp.issuer())) {
            return keys.verified(idp, check);
        }
        throw new Failure.PeerFault(
                        Hop.IDP,
                        idp.peer().name(),
                        idp.name() + ": the transmitter of its signals publishes no jwks_uri in its ssf-configuration,"
                                + " and is not the identity provider itself")
                .refusal();
    }

    @Override
    public Set<String> criticalSubjectMembers(IdentityProviderEntry idp) {
        return transmitters
                .of(idp)
                .map(Transmitters.Configuration::criticalSubjectMembers)
                .orElse(Set.of());
    }
}
