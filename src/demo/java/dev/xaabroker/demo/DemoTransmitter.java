package dev.xaabroker.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A Shared Signals transmitter: keeps one stream, signs real SETs, hands them out by poll or pushes them (SSF 1.0, RFC 8935,
 * RFC 8936). An event that was polled stays until it is acknowledged.
 *
 * <p>Kinds of request: {@code configuration}, {@code jwks}, {@code list}, {@code create}, {@code update}, {@code status},
 * {@code verify}, {@code poll}.
 */
public final class DemoTransmitter implements AutoCloseable {

    public static final String TOKEN = "demo-transmitter-token-canary";

    public static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
    public static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
    private static final String SSF = "https://schemas.openid.net/secevent/ssf/event-type/";

    /** What the stream says; {@code aud} and {@code events_delivered} among it. */
    public final Map<String, Object> stream = new ConcurrentHashMap<>();

    /** Whether it answers requests for a verification. */
    public volatile boolean verifies = true;
    /** What a verification carries in place of the state that was asked for; empty leaves it alone. */
    public volatile String stateInstead = "";
    /** Whether the stream was made by somebody else, and there is room for no other. */
    public volatile boolean full;
    /** How many events it hands out at most, whatever the poll asks for. */
    public volatile int most = 1000;

    /** Called when an event is acknowledged, before anything else happens. */
    public volatile Consumer<String> onAcknowledged = jti -> {};

    /** Told of each event when the answer that carries it is about to be sent. */
    public volatile Consumer<String> onPolled = jti -> {};

    private final LocalServer server = new LocalServer(0);
    private final String issuer = server.baseUrl();
    private final DemoKey key = DemoKey.generate();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> pending = new LinkedHashMap<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final Map<String, String> refused = new ConcurrentHashMap<>();
    private final List<String> polled = new CopyOnWriteArrayList<>();
    private final List<String> states = new CopyOnWriteArrayList<>();
    private final List<Integer> pushed = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile String status = "enabled";

    public DemoTransmitter() {
        server.route("/.well-known/ssf-configuration", "configuration", this::configuration);
        server.route(
                "/jwks",
                "jwks",
                call -> call.answer(200, Map.of("Content-Type", "application/json"), key.publicJwks()));
        server.route("/streams", DemoTransmitter::kind, authorized(this::streams));
        server.route(
                "/status",
                "status",
                authorized(call -> call.json(
                        200, Map.of("stream_id", String.valueOf(stream.get("stream_id")), "status", status))));
        server.route("/verify", "verify", authorized(this::verify));
        server.route("/poll", "poll", authorized(this::poll));
        server.start();
    }

    public String issuer() {
        return issuer;
    }

    public DemoKey key() {
        return key;
    }

    public Recording recording() {
        return server.recording();
    }

    public Faults faults() {
        return server.faults();
    }

    /** The identifiers of events that were acknowledged, in order. */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** What the receiver said of events that it refused: {@code err} by {@code jti}. */
    public Map<String, String> refused() {
        return Map.copyOf(refused);
    }

    /** The identifiers of events that were handed out, as often as they were. */
    public List<String> polled() {
        return List.copyOf(polled);
    }

    /** The states that were asked for, in order. */
    public List<String> states() {
        return List.copyOf(states);
    }

    /** How pushed events were answered; 0 when they were not. */
    public List<Integer> pushed() {
        return List.copyOf(pushed);
    }

    /** The bodies of the requests that made, changed or polled the stream. */
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** Says what it does with the stream, by an event when {@code announced}. */
    public void become(String now, boolean announced) {
        status = now;
        if (announced) {
            send(SSF + "stream-updated", aboutStream(), Map.of("status", now), draft -> {});
        }
    }

    /** Behaves again, and forgets what was asked of it; the stream stays. */
    public void reset() {
        verifies = true;
        stateInstead = "";
        full = false;
        most = 1000;
        onAcknowledged = jti -> {};
        onPolled = jti -> {};
        status = "enabled";
        recording().reset();
        faults().clear();
        synchronized (pending) {
            pending.clear();
        }
        acknowledged.clear();
        refused.clear();
        polled.clear();
        states.clear();
        bodies.clear();
        pushed.clear();
    }

    /** Forgets the stream, as if somebody had removed it. */
    public void forget() {
        stream.clear();
    }

    /** Queues an event that a user's sessions were revoked. Returns its {@code jti}. */
    public String sessionRevoked(String idp, String subject) {
        return sessionRevoked(idp, subject, draft -> {});
    }

    /** The same, bent by {@code flaw} before it is signed. */
    public String sessionRevoked(String idp, String subject, Consumer<JwtDraft> flaw) {
        return event(CAEP + "session-revoked", idp, subject, flaw);
    }

    /** Queues an event of any type about a user of now. Returns its {@code jti}. */
    public String event(String type, String idp, String subject, Consumer<JwtDraft> flaw) {
        return send(
                type,
                Map.of("format", "iss_sub", "iss", idp, "sub", subject),
                Map.of("event_timestamp", Instant.now().getEpochSecond()),
                flaw);
    }

    private Map<String, Object> aboutStream() {
        return Map.of("format", "opaque", "id", String.valueOf(stream.get("stream_id")));
    }

    /** Queues, or pushes, any event. */
    public String send(String type, Map<String, ?> subject, Map<String, ?> event, Consumer<JwtDraft> flaw) {
        String jti = UUID.randomUUID().toString();
        JwtDraft draft = new JwtDraft("secevent+jwt", key)
                .claim("iss", issuer)
                .claim("jti", jti)
                .claim("iat", Instant.now().getEpochSecond())
                .claim("aud", stream.getOrDefault("aud", "nobody"))
                .claim("txn", UUID.randomUUID().toString())
                .claim("sub_id", subject)
                .claim("events", Map.of(type, event));
        flaw.accept(draft);
        String set = draft.sign();
        if (delivery().get("method") instanceof String method && method.endsWith("8935")) {
            push(set);
        } else {
            synchronized (pending) {
                pending.put(jti, set);
            }
        }
        return jti;
    }

    private Map<?, ?> delivery() {
        return stream.get("delivery") instanceof Map<?, ?> delivery ? delivery : Map.of();
    }

    private void push(String set) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(String.valueOf(delivery().get("endpoint_url"))))
                .header("Content-Type", "application/secevent+jwt")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(set));
        if (delivery().get("authorization_header") instanceof String header) {
            request.header("Authorization", header);
        }
        HttpRequest event = request.build();
        Thread.ofVirtual().start(() -> {
            try {
                pushed.add(
                        http.send(event, HttpResponse.BodyHandlers.ofString()).statusCode());
            } catch (IOException | InterruptedException lost) {
                pushed.add(0);
            }
        });
    }

    private static String kind(Call call) {
        return switch (call.method()) {
            case "GET" -> "list";
            case "POST" -> "create";
            default -> "update";
        };
    }

    private LocalServer.Handler authorized(LocalServer.Handler handler) {
        return call -> {
            if (("Bearer " + TOKEN).equals(call.header("Authorization"))) {
                handler.handle(call);
            } else {
                call.answer(401, Map.of(), "");
            }
        };
    }

    private void configuration(Call call) throws IOException {
        call.json(
                200,
                Map.of(
                        "spec_version", "1_0",
                        "issuer", issuer,
                        "jwks_uri", issuer + "/jwks",
                        "configuration_endpoint", issuer + "/streams",
                        "status_endpoint", issuer + "/status",
                        "verification_endpoint", issuer + "/verify",
                        "default_subjects", "ALL"));
    }

    private void streams(Call call) throws IOException {
        switch (call.method()) {
            case "GET" ->
                call.answer(
                        200,
                        Map.of("Content-Type", "application/json"),
                        stream.get("stream_id") == null ? "[]" : "[" + Json.write(stream) + "]");
            case "POST" -> {
                bodies.add(call.body());
                if (full) {
                    call.json(409, Map.of("err", "stream_error"));
                } else {
                    stream.put("stream_id", UUID.randomUUID().toString());
                    call.json(201, configured(Json.read(call.body())));
                }
            }
            default -> {
                bodies.add(call.body());
                call.json(200, configured(Json.read(call.body())));
            }
        }
    }

    private Map<String, Object> configured(Map<String, Object> asked) {
        stream.put("iss", issuer);
        stream.putIfAbsent("aud", "receiver-" + stream.get("stream_id"));
        stream.putAll(asked);
        stream.putIfAbsent("events_delivered", asked.getOrDefault("events_requested", List.of()));
        Map<String, Object> delivery = new LinkedHashMap<>();
        delivery().forEach((name, value) -> delivery.put(String.valueOf(name), value));
        delivery.putIfAbsent("endpoint_url", issuer + "/poll");
        stream.put("delivery", delivery);
        Map<String, Object> shown = new LinkedHashMap<>(stream);
        return shown;
    }

    private void verify(Call call) throws IOException {
        Map<String, Object> asked = Json.read(call.body());
        if (!String.valueOf(asked.get("stream_id")).equals(stream.get("stream_id"))) {
            call.answer(404, Map.of(), "");
            return;
        }
        String state = String.valueOf(asked.get("state"));
        states.add(state);
        call.answer(204, Map.of(), "");
        if (verifies && status.equals("enabled")) {
            sendVerification(stateInstead.isEmpty() ? state : stateInstead);
        }
    }

    /** A verification that nobody may have asked for. Returns its {@code jti}. */
    public String sendVerification(String state) {
        return send(SSF + "verification", aboutStream(), Map.of("state", state), draft -> {});
    }

    private void poll(Call call) throws IOException {
        bodies.add(call.body());
        Map<String, Object> asked = Json.read(call.body());
        Map<String, String> sets = new LinkedHashMap<>();
        boolean more;
        synchronized (pending) {
            if (asked.get("ack") instanceof List<?> acks) {
                acks.forEach(jti -> {
                    if (pending.remove(String.valueOf(jti)) != null) {
                        onAcknowledged.accept(String.valueOf(jti));
                        acknowledged.add(String.valueOf(jti));
                    }
                });
            }
            if (asked.get("setErrs") instanceof Map<?, ?> errors) {
                errors.forEach((jti, error) -> {
                    pending.remove(String.valueOf(jti));
                    refused.put(String.valueOf(jti), String.valueOf(((Map<?, ?>) error).get("err")));
                });
            }
            int room = Math.min(most, ((Number) asked.getOrDefault("maxEvents", 100)).intValue());
            List<String> next = new ArrayList<>(pending.keySet());
            next.subList(0, Math.min(room, next.size())).forEach(jti -> sets.put(jti, pending.get(jti)));
            more = next.size() > sets.size();
        }
        polled.addAll(sets.keySet());
        sets.keySet().forEach(onPolled);
        call.json(200, Map.of("sets", sets, "moreAvailable", more));
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }
}
