package dev.xaabroker.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.grant.Client;
import dev.xaabroker.grant.ClientAuth;
import dev.xaabroker.grant.Credentials;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.HandleFormat;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.grant.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRequestTest {

    private static final Client CLIENT = new Client(
            "cursor",
            "",
            Status.ENABLED,
            new ClientAuth.SecretBasic(Secret.of("s")),
            "corp",
            new Credentials.SecretBasic("cursor-at-idp", Secret.of("s")));

    /** A handle is never sent out, not even one that a client read from a file with the line end. */
    @ParameterizedTest
    @ValueSource(strings = {" %s", "%s\n", "\t%s", "\u00a0%s", "\ufeff%s"})
    void takesNoHandleForARefreshTokenOfTheIdp(String around) {
        String handle = HandleFormat.mint(new SecureRandom()).reveal();
        Form form = Form.parse("grant_type=" + encoded(TokenRequest.TOKEN_EXCHANGE)
                + "&subject_token_type=" + encoded("urn:ietf:params:oauth:token-type:refresh_token")
                + "&subject_token=" + encoded(around.formatted(handle))
                + "&resource=" + encoded("https://mcp.example"));

        Failure failure = catchThrowableOfType(Refusal.class, () -> TokenRequest.read("r", CLIENT, form, false))
                .failure();

        assertThat(failure).isInstanceOf(Failure.InvalidRequest.class);
        assertThat(failure.detail()).doesNotContain(handle);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
