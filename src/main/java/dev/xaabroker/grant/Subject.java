package dev.xaabroker.grant;

/**
 * A user as the IdP names them: {@code iss} and {@code sub}. Held in memory for one request; stores know only the
 * {@link User}.
 */
public record Subject(String issuer, String subject) {

    @Override
    public String toString() {
        return "Subject[hidden]";
    }
}
