package dev.xaabroker.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.Reason;
import dev.xaabroker.grant.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    @Test
    @Rules("A2")
    void refusesAParameterThatStandsTwice() {
        assertThat(failureOf(() -> Form.parse("grant_type=a&scope=x&scope=y")))
                .isInstanceOf(Failure.InvalidRequest.class);
        assertThat(failureOf(() -> Form.parse("client_id=a&client_id=a"))).isInstanceOf(Failure.InvalidRequest.class);
        assertThat(failureOf(() -> Form.parse("audience=a&audience=b"))).isInstanceOf(Failure.InvalidRequest.class);
    }

    @Test
    @Rules("A2")
    void takesAnEmptyValueForAbsent() {
        Form form = Form.parse("scope=&audience=x");

        assertThat(form.has("scope")).isFalse();
        assertThat(form.get("audience")).hasValue("x");
        assertThat(Form.parse("&scope=x&&audience=y&").get("audience")).hasValue("y");
        assertThat(Form.parse("").has("scope")).isFalse();
    }

    @Test
    void decodesPlusAndPercent() {
        assertThat(Form.parse("scope=files.read+files.write%2Bx").get("scope")).hasValue("files.read files.write+x");
    }

    @Test
    void refusesABodyThatIsNotFormEncoded() {
        assertThat(failureOf(() -> Form.parse("a=%zz"))).isInstanceOf(Failure.InvalidRequest.class);
    }

    @Test
    @Rules("A9")
    void keepsTheResourceByteForByte() {
        assertThat(Form.parse("resource=HTTPS%3A%2F%2FMcp.Example%2Fa%2F..%2Fb%2F")
                        .resource())
                .isEqualTo("HTTPS://Mcp.Example/a/../b/");
    }

    @ParameterizedTest
    @Rules("A9")
    @ValueSource(
            strings = {
                "scope=x",
                "resource=",
                "resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fb.example",
                "resource=https%3A%2F%2Fa.example&resource=https%3A%2F%2Fa.example",
                "resource=https%3A%2F%2Fa.example%2Fmcp%23part",
                "resource=%2Fmcp",
                "resource=mcp.example",
                "resource=https%3A%2F%2Fa.example%2F+x"
            })
    void refusesAResourceThatIsMissingRepeatedOrMalformed(String body) {
        Failure failure = failureOf(() -> Form.parse(body).resource());

        assertThat(failure).isInstanceOfSatisfying(Failure.Denied.class, denied -> assertThat(denied.code())
                .isEqualTo(Reason.SERVER_UNKNOWN));
        assertThat(OAuthError.of(failure).error()).isEqualTo("invalid_target");
    }

    @Test
    @Rules({"A2", "A9"})
    void readsTheWholeBodyWhateverStandsInIt() {
        // A '#' ends nothing in a form, and a ';' separates nothing: who reads less sees another request than the
        // sender.
        assertThat(failureOf(() -> Form.parse("resource=https%3A%2F%2Fa.example#&scope=x&scope=y")))
                .isInstanceOf(Failure.InvalidRequest.class);
        assertThat(failureOf(() -> Form.parse("resource=https://a.example/mcp#part&scope=x")
                        .resource()))
                .isInstanceOf(Failure.Denied.class);
        assertThat(Form.parse("resource=https://a.example/mcp;v=2&scope=x").resource())
                .isEqualTo("https://a.example/mcp;v=2");
    }

    @ParameterizedTest
    @Rules("A1")
    @ValueSource(strings = {"scope=%ff", "scope=%+1", "scope=%", "scope=%\uff11\uff11", "scope=\u00e9", "scope=x\n"})
    void refusesWhatHasNoOneReading(String body) {
        assertThat(failureOf(() -> Form.parse(body))).isInstanceOf(Failure.InvalidRequest.class);
    }

    private static Failure failureOf(Runnable act) {
        return catchThrowableOfType(Refusal.class, act::run).failure();
    }
}
