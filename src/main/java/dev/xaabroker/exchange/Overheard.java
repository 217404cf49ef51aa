package dev.xaabroker.exchange;

import dev.xaabroker.grant.Peer;
import dev.xaabroker.grant.Secret;
import dev.xaabroker.outbound.Answer;
import dev.xaabroker.outbound.Outbound;
import dev.xaabroker.outbound.OutboundException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Passes requests on and remembers how public documents were answered, for whoever explains what came of them. */
final class Overheard implements Outbound {

    private final Outbound outbound;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, OutboundException> failures = new ConcurrentHashMap<>();

    Overheard(Outbound outbound) {
        this.outbound = outbound;
    }

    /** The last answer to a GET of {@code url}. */
    Optional<Answer> answer(String url) {
        return Optional.ofNullable(answers.get(url));
    }

    /** Why the last GET of {@code url} brought no answer. */
    Optional<OutboundException> failure(String url) {
        return Optional.ofNullable(failures.get(url));
    }

    @Override
    public Answer getMetadata(Peer peer, String url) {
        return heard(url, () -> outbound.getMetadata(peer, url));
    }

    @Override
    public Answer getKeys(Peer peer, String url) {
        return heard(url, () -> outbound.getKeys(peer, url));
    }

    private Answer heard(String url, Supplier<Answer> call) {
        try {
            Answer answer = call.get();
            answers.put(url, answer);
            failures.remove(url);
            return answer;
        } catch (OutboundException failed) {
            failures.put(url, failed);
            throw failed;
        }
    }

    @Override
    public Answer getProtected(Peer peer, String url, Secret accessToken) {
        return outbound.getProtected(peer, url, accessToken);
    }

    @Override
    public Answer postForm(Peer peer, String url, Map<String, String> headers, Map<String, String> form) {
        return outbound.postForm(peer, url, headers, form);
    }

    @Override
    public Answer sendJson(Peer peer, Verb verb, String url, Secret accessToken, String json) {
        return outbound.sendJson(peer, verb, url, accessToken, json);
    }
}
