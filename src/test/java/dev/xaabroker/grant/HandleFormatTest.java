package dev.xaabroker.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandleFormatTest {

    private final SecureRandom random = new SecureRandom();

    @Test
    void mintsHandlesThatAreWellFormedAndNeverTheSame() {
        String one = HandleFormat.mint(random).reveal();
        String two = HandleFormat.mint(random).reveal();

        assertThat(one).startsWith("xaas_").isNotEqualTo(two);
        assertThat(HandleFormat.isWellFormed(one)).isTrue();
        assertThat(HandleFormat.looksLikeHandle(one)).isTrue();
    }

    @Test
    void noticesAnyOneWrongCharacter() {
        Random places = new Random(7);
        for (int i = 0; i < 500; i++) {
            String handle = HandleFormat.mint(random).reveal();
            int place = places.nextInt(handle.length() - 1);
            char other = handle.charAt(place) == 'A' ? 'B' : 'A';
            String wrong = handle.substring(0, place) + other + handle.substring(place + 1);

            assertThat(HandleFormat.isWellFormed(wrong)).as(wrong).isFalse();
        }
    }

    @Test
    void aTokenOfTheIdpIsNone() {
        assertThat(HandleFormat.looksLikeHandle("eyJhbGciOiJIUzI1NiJ9.e30.x")).isFalse();
        assertThat(HandleFormat.isWellFormed("xaas_")).isFalse();
    }
}
