package dev.xaabroker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotedTest {

    @Test
    @Rules({"B10", "E10"})
    void keepsOnlyPrintableAsciiAndAtMost200Characters() {
        assertThat(Quoted.of("a\r\nb\u001b[31mé")).isEqualTo("a??b?[31m?");
        assertThat(Quoted.of("x".repeat(500))).hasSize(200);
    }

    @Test
    @Rules({"B10", "E10"})
    void hidesATextThatRepeatsAPieceOfASecret() {
        List<String> sent = List.of("0123456789-a-refresh-token");

        assertThat(Quoted.of("bad token 0123456789-a-ref", sent)).doesNotContain("0123456789");
        assertThat(Quoted.of("the token is bad", sent)).isEqualTo("the token is bad");
    }
}
