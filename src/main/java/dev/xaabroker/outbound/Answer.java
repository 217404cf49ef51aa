package dev.xaabroker.outbound;

import java.util.Map;
import java.util.Optional;

/**
 * A peer's whole answer, within the size cap. Its body may hold tokens: {@link #toString()} shows the status only.
 *
 * @param body decoded as UTF-8
 * @param headers by lower-case name; of a repeated header the first, but all of {@code www-authenticate}
 */
public record Answer(int status, Map<String, String> headers, String body) {

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }

    @Override
    public String toString() {
        return "Answer[" + status + "]";
    }
}
