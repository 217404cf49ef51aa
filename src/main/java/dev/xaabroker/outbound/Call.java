package dev.xaabroker.outbound;

import dev.xaabroker.outbound.OutboundException.Kind;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request to one address, made once. Its phase decides what a failure means, and who gives up first: a request that
 * was reported as not sent is never sent afterwards.
 *
 * <p>All of it but {@link #await} runs on one event loop, the connections' own.
 */
final class Call {

    /** The one header of which every line counts; lines joined by commas mean the same (RFC 9110 s5.3, s11.6.1). */
    private static final String CHALLENGES = "www-authenticate";

    private enum Phase {
        CONNECTING,
        SENT,
        OVER
    }

    private final HttpClient client;
    private final Context loop;
    private final String host;
    private final int most;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.CONNECTING);
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private @Nullable HttpClientRequest underWay;

    /**
     * Prepares a call.
     *
     * @param loop the context of every call of {@code client}
     * @param most size in bytes of the largest body that is taken
     */
    Call(HttpClient client, Context loop, String host, int most) {
        this.client = client;
        this.loop = loop;
        this.host = host;
        this.most = most;
    }

    /**
     * Sends and waits for the whole answer.
     *
     * @throws OutboundException when none came
     */
    Answer await(RequestOptions options, @Nullable Buffer body, Deadline deadline) {
        loop.runOnContext(now -> client.request(options).onComplete(connected -> {
            if (connected.succeeded()) {
                send(connected.result(), body);
            } else {
                end(Kind.NOT_SENT, "no connection: " + Cause.of(connected.cause()));
            }
        }));
        try {
            return answer.get(deadline.left(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return abandon("in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return abandon("before the interrupt");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof OutboundException known ? known : failure(Kind.LOST, Cause.of(e));
        }
    }

    private void send(HttpClientRequest request, @Nullable Buffer body) {
        if (!phase.compareAndSet(Phase.CONNECTING, Phase.SENT)) {
            request.reset();
            return;
        }
        underWay = request;
        (body == null ? request.send() : request.send(body)).onComplete(sent -> {
            if (sent.succeeded()) {
                receive(sent.result());
            } else {
                end(Kind.LOST, "no answer: " + Cause.of(sent.cause()));
            }
        });
    }

    private void receive(HttpClientResponse response) {
        Buffer received = Buffer.buffer();
        response.exceptionHandler(broken -> end(Kind.LOST, "no whole answer: " + Cause.of(broken)));
        String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            stop("its answer is encoded, which was not asked for");
            return;
        }
        response.handler(chunk -> {
            if (phase.get() == Phase.OVER) {
                return;
            }
            if (received.length() + chunk.length() > most) {
                stop("its answer is larger than " + most + " bytes");
            } else {
                received.appendBuffer(chunk);
            }
        });
        response.endHandler(whole -> {
            underWay = null;
            if (phase.compareAndSet(Phase.SENT, Phase.OVER)) {
                answer.complete(new Answer(
                        response.statusCode(), headers(response), received.toString(StandardCharsets.UTF_8)));
            }
        });
    }

    private static Map<String, String> headers(HttpClientResponse response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        List<String> challenges = response.headers().getAll(CHALLENGES);
        if (!challenges.isEmpty()) {
            headers.put(CHALLENGES, String.join(", ", challenges));
        }
        return Map.copyOf(headers);
    }

    private void stop(String cause) {
        end(Kind.UNUSABLE, cause);
        close();
    }

    private void end(Kind kind, String cause) {
        if (phase.getAndSet(Phase.OVER) != Phase.OVER) {
            answer.completeExceptionally(failure(kind, cause));
        }
    }

    private Answer abandon(String when) {
        Phase before = phase.getAndSet(Phase.OVER);
        if (before == Phase.OVER) {
            return answer.join();
        }
        loop.runOnContext(now -> close());
        throw before == Phase.CONNECTING
                ? failure(Kind.NOT_SENT, "no connection " + when)
                : failure(Kind.LOST, "no answer " + when);
    }

    /** Closes the connection, unless the answer is complete: then it may carry another request by now. */
    private void close() {
        HttpClientRequest request = underWay;
        underWay = null;
        if (request != null) {
            request.reset();
        }
    }

    private OutboundException failure(Kind kind, String cause) {
        return new OutboundException(kind, host + ": " + cause);
    }
}
