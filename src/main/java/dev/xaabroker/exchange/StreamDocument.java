package dev.xaabroker.exchange;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.exchange.Document.Malformed;
import dev.xaabroker.exchange.SharedSignals.Stream;
import dev.xaabroker.exchange.SharedSignals.Wanted;
import dev.xaabroker.grant.SsfStream.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configuration of a stream, as it goes over the wire (SSF s8.1.1). */
record StreamDocument(Document document) {

    static StreamDocument parse(String body) {
        return new StreamDocument(Document.parse(body));
    }

    /**
     * What to send for the stream that is wanted.
     *
     * @param id of the stream that becomes it; null when it is made
     */
    static String asked(Wanted wanted, @Nullable String id) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (id != null) {
            body.put("stream_id", id);
        }
        ObjectNode delivery = body.putObject("delivery").put("method", method(wanted));
        if (wanted.pushUrl() != null) {
            delivery.put("endpoint_url", wanted.pushUrl());
            if (wanted.authorization() != null) {
                delivery.put("authorization_header", wanted.authorization().reveal());
            }
        }
        wanted.events().forEach(body.putArray("events_requested")::add);
        return body.put("description", wanted.description()).toString();
    }

    /**
     * The streams that a transmitter lists.
     *
     * @throws Malformed when they cannot be told from each other
     */
    static List<StreamDocument> listed(String body) {
        List<StreamDocument> streams =
                Document.parseAll(body).stream().map(StreamDocument::new).toList();
        streams.forEach(StreamDocument::id);
        return streams;
    }

    String id() {
        return document.required("stream_id");
    }

    /** The stream that was ours before, or looks like it. */
    static Optional<StreamDocument> ours(List<StreamDocument> streams, Wanted wanted) {
        return streams.stream()
                .filter(stream -> stream.id().equals(wanted.knownId()))
                .findFirst()
                .or(() -> streams.stream()
                        .filter(stream -> stream.document.says("description", wanted.description()))
                        .findFirst());
    }

    /**
     * The stream, when it is what was wanted.
     *
     * @throws Malformed when it is not
     */
    Stream checked(String issuer, Wanted wanted) {
        if (!document.says("iss", issuer)) {
            throw new Malformed("a stream of another issuer");
        }
        Document delivery =
                document.object("delivery").orElseThrow(() -> new Malformed("a stream without member delivery"));
        if (!delivery.says("method", method(wanted))) {
            throw new Malformed("a stream of another delivery method than " + method(wanted));
        }
        if (wanted.pushUrl() != null && !delivery.says("endpoint_url", wanted.pushUrl())) {
            throw new Malformed("a stream that is pushed elsewhere");
        }
        return new Stream(
                id(),
                document.textOrTexts("aud").orElse(List.of()),
                document.texts("events_delivered").orElse(List.of()),
                wanted.pushUrl() == null ? delivery.required("endpoint_url") : null,
                Duration.ofSeconds(document.number("min_verification_interval").orElse(0)));
    }

    private static String method(Wanted wanted) {
        return (wanted.pushUrl() == null ? Delivery.POLL : Delivery.PUSH).method();
    }
}
