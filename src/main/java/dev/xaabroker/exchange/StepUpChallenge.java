package dev.xaabroker.exchange;

import dev.xaabroker.grant.Failure.StepUp;
import dev.xaabroker.grant.Refusal;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what login the IdP asks for before it issues an ID-JAG (ID-JAG s9.2, RFC 9470 s3; RULES B11). */
final class StepUpChallenge {

    private static final long NOT_GIVEN = -1;

    private StepUpChallenge() {}

    static Refusal from(TokenAnswer.Refused refused) {
        return new StepUp("idp-step-up", acrValues(refused), maxAge(refused), Optional.empty(), refused.detail())
                .refusal();
    }

    private static String acrValues(TokenAnswer.Refused refused) {
        try {
            return refused.document().text("acr_values").map(Quoted::of).orElse("");
        } catch (Document.Malformed notText) {
            return "";
        }
    }

    private static long maxAge(TokenAnswer.Refused refused) {
        try {
            OptionalLong maxAge = refused.document().number("max_age");
            return Math.max(maxAge.orElse(NOT_GIVEN), NOT_GIVEN);
        } catch (Document.Malformed notANumber) {
            return NOT_GIVEN;
        }
    }
}
