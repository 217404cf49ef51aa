package dev.xaabroker.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.xaabroker.Rules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TargetTest {

    @ParameterizedTest
    @CsvSource({
        "https://idp.example/, idp.example, 443, /",
        "https://idp.example, idp.example, 443, /",
        "HTTPS://idp.example:8443/a/b?c=d%20e, idp.example, 8443, /a/b?c=d%20e",
        "https://1.2.3.4/x, 1.2.3.4, 443, /x",
        "https://[2606:4700::1111]:444/x, 2606:4700::1111, 444, /x",
        "https://keycloak/x, keycloak, 443, /x",
        "https://4idp.example?q, 4idp.example, 443, /?q"
    })
    void readsAUrlAsItWasWritten(String url, String host, int port, String requestUri) {
        Target target = Target.parse(url, false);
        assertThat(target.tls()).isTrue();
        assertThat(target.host()).isEqualTo(host);
        assertThat(target.port()).isEqualTo(port);
        assertThat(target.requestUri()).isEqualTo(requestUri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0X7f.0.0.1/",
                "https://0177.0.0.1/",
                "https://010.0.0.1/",
                "https://127.1/",
                "https://127.0.1/",
                "https://1.2.3.4.5/",
                "https://256.1.1.1/",
                "https://127.0.0.1./",
                "https://a.0x7f/",
                "https://a.1/",
                "https://%31.2.3.4/",
                "https://idp.example./"
            })
    @Rules("K1")
    void refusesAHostThatReadersReadDifferently(String url) {
        assertRefused(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://idp.example/",
                "ftp://idp.example/",
                "file:///etc/passwd",
                "//idp.example/",
                "/x",
                "",
                "https:idp.example",
                "https://",
                "https://user@idp.example/",
                "https://u:p@idp.example/",
                "https://idp.example/#x",
                "https://idp.example:0/",
                "https://idp.example:65536/",
                "https://idp.example/a b",
                "https://idp.example\\@evil.example/",
                "https://[fe80::1%25eth0]/",
                "https://[::ffff:8.8.8.8]/",
                "https://[::ffff:a9fe:a9fe]/",
                "https://[::1]evil.example/",
                "https://ex\u00e4mple.example/",
                "https://\u2460.1.1.1/"
            })
    @Rules("K1")
    void refusesAUrlThatIsNotPlainHttps(String url) {
        assertRefused(url);
    }

    @Test
    @Rules("K1")
    void readsHttpInDevelopmentOnly() {
        assertThat(Target.parse("http://127.0.0.1:8080/x", true).tls()).isFalse();
        assertThat(Target.parse("http://127.0.0.1/x", true).port()).isEqualTo(80);
        assertRefused("http://127.0.0.1:8080/x");
    }

    @Test
    void doesNotRepeatTheUrlInItsRefusal() {
        assertThatThrownBy(() -> Target.parse("https://u:canary@idp.example/canary?canary#canary", false))
                .hasMessage("idp.example: userinfo in the URL");
        assertThatThrownBy(() -> Target.parse("https://idp.example/ canary", false))
                .hasMessageNotContaining("canary");
    }

    private static void assertRefused(String url) {
        assertThatExceptionOfType(OutboundException.class)
                .isThrownBy(() -> Target.parse(url, false))
                .satisfies(refused -> assertThat(refused.kind()).isEqualTo(OutboundException.Kind.REFUSED));
    }
}
