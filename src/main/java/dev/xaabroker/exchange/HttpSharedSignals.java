package dev.xaabroker.exchange;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.exchange.Transmitters.Configuration;
import dev.xaabroker.grant.Failure;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound.Verb;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Shared Signals over HTTP. A token goes to the transmitter's own origin only, and never along a redirect (RULES K2). */
@ApplicationScoped
class HttpSharedSignals implements SharedSignals {

    private static final int CONFLICT = 409;
    private static final Set<Integer> MADE = Set.of(200, 201);
    private static final Set<Integer> CHANGED = Set.of(200, 202);
    private static final Set<Integer> ASKED = Set.of(200, 202, 204);
    private static final Map<String, Standing> STANDINGS =
            Map.of("enabled", Standing.ENABLED, "paused", Standing.PAUSED, "disabled", Standing.DISABLED);

    private final Transmitters transmitters;
    private final TransmitterCalls calls;
    private final Clock clock;

    HttpSharedSignals(Transmitters transmitters, TransmitterCalls calls, Clock clock) {
        this.transmitters = transmitters;
        this.calls = calls;
        this.clock = clock;
    }

    @Override
    public Stream open(IdentityProviderEntry idp, Wanted wanted) {
        Configuration transmitter = configuration(idp);
        String url = TransmitterCalls.trusted(idp, transmitter.configurationEndpoint(), "configuration_endpoint");
        List<StreamDocument> streams = streams(idp, url);
        Optional<StreamDocument> ours = StreamDocument.ours(streams, wanted);
        if (ours.isEmpty()) {
            Answer made = calls.send(idp, Verb.POST, url, StreamDocument.asked(wanted, null));
            if (made.status() != CONFLICT) {
                return read(idp, made, MADE, wanted);
            }
            // A transmitter with room for one stream, which somebody made for us beforehand.
            ours = streams.size() == 1 ? Optional.of(streams.getFirst()) : Optional.empty();
        }
        String id = ours.map(StreamDocument::id)
                .orElseThrow(() -> TransmitterCalls.fault(
                        idp, "it has a stream that is not known for ours and allows no other: remove it there"));
        Answer changed = calls.send(idp, Verb.PATCH, url, StreamDocument.asked(wanted, id));
        return read(idp, changed, CHANGED, wanted);
    }

    private Configuration configuration(IdentityProviderEntry idp) {
        return transmitters.of(idp).orElseThrow(() -> TransmitterCalls.fault(idp, "it publishes no ssf-configuration"));
    }

    private List<StreamDocument> streams(IdentityProviderEntry idp, String url) {
        Answer answer = calls.get(idp, url);
        return answer.status() == 404 ? List.of() : read(idp, answer, Set.of(200), StreamDocument::listed);
    }

    private Stream read(IdentityProviderEntry idp, Answer answer, Set<Integer> good, Wanted wanted) {
        return read(idp, answer, good, body -> {
            Stream stream =
                    StreamDocument.parse(body).checked(idp.signals().ssf().transmitter(), wanted);
            if (stream.pollUrl() != null) {
                TransmitterCalls.trusted(idp, Optional.of(stream.pollUrl()), "endpoint_url of its delivery");
            }
            return stream;
        });
    }

    @Override
    public Optional<Standing> standing(IdentityProviderEntry idp, String streamId) {
        Configuration transmitter = configuration(idp);
        if (transmitter.statusEndpoint().isEmpty()) {
            return Optional.empty();
        }
        String url = TransmitterCalls.trusted(idp, transmitter.statusEndpoint(), "status_endpoint");
        String query =
                (url.contains("?") ? "&" : "?") + "stream_id=" + URLEncoder.encode(streamId, StandardCharsets.UTF_8);
        String said = read(idp, calls.get(idp, url + query), Set.of(200), body -> Document.parse(body)
                .required("status"));
        return Optional.ofNullable(STANDINGS.get(said));
    }

    @Override
    public void verify(IdentityProviderEntry idp, String streamId, String state) {
        Configuration transmitter = configuration(idp);
        String url = TransmitterCalls.trusted(idp, transmitter.verificationEndpoint(), "verification_endpoint");
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("stream_id", streamId).put("state", state);
        read(idp, calls.send(idp, Verb.POST, url, body.toString()), ASKED, said -> said);
    }

    @Override
    public Batch poll(IdentityProviderEntry idp, String pollUrl, Verdicts verdicts, int most) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("maxEvents", most).put("returnImmediately", true);
        if (!verdicts.handled().isEmpty()) {
            verdicts.handled().forEach(body.putArray("ack")::add);
        }
        if (!verdicts.bad().isEmpty()) {
            ObjectNode errors = body.putObject("setErrs");
            verdicts.bad()
                    .forEach((jti, error) ->
                            errors.putObject(jti).put("err", error.err()).put("description", error.description()));
        }
        String url = TransmitterCalls.trusted(idp, Optional.of(pollUrl), "endpoint_url of its delivery");
        return read(idp, calls.send(idp, Verb.POST, url, body.toString()), Set.of(200), said -> {
            Document document = Document.parse(said);
            return new Batch(
                    document.object("sets").map(Document::textMembers).orElse(Map.of()),
                    document.flag("moreAvailable"));
        });
    }

    private <T> T read(IdentityProviderEntry idp, Answer answer, Set<Integer> good, Function<String, T> reader) {
        String name = TransmitterCalls.peer(idp).name();
        if (answer.status() == 429 || answer.status() >= 500) {
            throw new Failure.Unavailable(
                            "ssf", RetryAfter.of(answer, clock.instant()), name + " answered " + answer.status())
                    .refusal();
        }
        if (!good.contains(answer.status())) {
            throw TransmitterCalls.fault(idp, "it answered " + answer.status());
        }
        try {
            return reader.apply(answer.body());
        } catch (Document.Malformed malformed) {
            throw TransmitterCalls.fault(idp, "what it sent is " + malformed.getMessage());
        }
    }
}
