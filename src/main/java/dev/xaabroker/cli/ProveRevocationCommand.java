package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.xaabroker.cli.RevocationProof.Moment;
import dev.xaabroker.grant.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code xaa prove revocation}: a canary through connect, end, refused; and the bound that was measured. */
@Command(
        name = "revocation",
        description = {
            "Connect as a canary at every replica, end its session, and measure when the last token was handed out.",
            "The connects are real: tokens are issued, and each stands in the ledger. Each run needs a refresh token of the"
                    + " canary that no run had before."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the bound holds",
            "1:it does not, or nothing proves that it does",
            "2:the proof could not begin"
        })
final class ProveRevocationCommand extends PrintingCommand {

    private static final Duration WARM = Duration.ofSeconds(1);

    @Option(
            names = "--broker",
            required = true,
            paramLabel = "URL",
            description = "A replica to connect to; once for each. The first is asked to end the session.")
    List<URI> brokers;

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            description = "The broker's issuer, when the replicas have addresses of their own.")
    @Nullable
    String issuer;

    @Mixin
    ClientProof client;

    @Mixin
    Canary canary;

    @Mixin
    Introspection introspection;

    @Option(names = "--resource", required = true, description = "An MCP server that the canary may reach.")
    String resource;

    @Option(names = "--scope", split = "[ ,]", description = "Scopes to ask for; all that policy gives by default.")
    List<String> scopes = List.of();

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description =
                    "session ends it over the admin face (default); signal waits for you to end it at the identity"
                            + " provider.")
    String by = "session";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "How long to go on after the end, or to wait for a signal: 5s and 2m by default.")
    @Nullable
    Duration time;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Connects a second at each replica: 50 by default, 5 for a signal.")
    @Nullable
    Integer rate;

    @Override
    public Integer call() throws InterruptedException {
        boolean signal = by.equals("signal");
        boolean session = by.equals("session");
        if (!signal && !session && !by.equals("client")) {
            throw wrongUsage("--by is session, client or signal");
        }
        int perSecond = rate == null ? (signal ? 5 : 50) : rate;
        if (perSecond < 1 || perSecond > 1_000) {
            throw wrongUsage("--rate is from 1 to 1000");
        }
        Connect.Proof proof = client.secretOrKey();
        List<Connect> replicas = brokers.stream()
                .map(url -> Connect.to(Http.to(url), Optional.ofNullable(issuer), proof, client.id))
                .toList();
        Canary.Session begun = canary.connect(replicas, brokers.getFirst(), client.id, resource, scopes, session);
        introspection.assertActive(begun.upstream());
        tell("canary: " + begun.name() + " of client " + client.id + ", " + replicas.size() + " replicas, " + perSecond
                + " connects a second at each");
        if (signal) {
            return bySignal(replicas, begun, perSecond);
        }
        return byUs(
                replicas,
                begun,
                perSecond,
                session ? begun::end : () -> replicas.getFirst().giveBack(begun.handle()));
    }

    private int byUs(List<Connect> replicas, Canary.Session session, int perSecond, Runnable end)
            throws InterruptedException {
        try (SteadyConnects connects = steady(replicas, session.handle(), perSecond)) {
            Thread.sleep(WARM);
            long asked = System.nanoTime();
            end.run();
            long answered = System.nanoTime();
            tell("its session is ended; the answer came after " + (answered - asked) / 1_000_000
                    + " ms, and all times are from then on");
            OptionalLong upstream =
                    introspection.waitOut(session.upstream(), answered, time == null ? Duration.ofSeconds(5) : time);
            return judge(connects, new Moment(asked, answered, true), session, upstream);
        }
    }

    private int bySignal(List<Connect> replicas, Canary.Session session, int perSecond) throws InterruptedException {
        try (SteadyConnects connects = steady(replicas, session.handle(), perSecond)) {
            Enter enter = Enter.await();
            tell("end the canary's session at the identity provider now, and press ENTER in the same moment");
            long began = System.nanoTime();
            Duration most = time == null ? Duration.ofMinutes(2) : time;
            while (System.nanoTime() - began < most.toNanos() && !connects.areAllRefused()) {
                Thread.sleep(100);
            }
            OptionalLong pressed = enter.pressed();
            tell(
                    pressed.isPresent()
                            ? "all times are from ENTER on"
                            : "ENTER was not pressed: all times are from the moment at which you were asked");
            return judge(connects, new Moment(began, pressed.orElse(began), false), session, OptionalLong.empty());
        }
    }

    private SteadyConnects steady(List<Connect> replicas, Secret handle, int perSecond) {
        return SteadyConnects.start(replicas, handle, resource, scopes, perSecond);
    }

    private int judge(SteadyConnects connects, Moment end, Canary.Session session, OptionalLong upstream) {
        List<Attempt> attempts = connects.stop();
        RevocationProof proof =
                RevocationProof.of(brokers.stream().map(URI::toString).toList(), attempts, end);
        Optional<String> cause = session.endCause();
        if (json) {
            ObjectNode answer = inJson(proof, end, cause);
            upstream.ifPresent(ms -> answer.put("upstreamInactiveMs", ms));
            print(answer);
        } else {
            out().println();
            Tables.aligned(proof.table()).forEach(out()::println);
            out().println();
            cause.ifPresent(why -> out().println("ended by: " + why));
            if (introspection.isGiven() && end.acknowledged()) {
                out().println(
                                upstream.isPresent()
                                        ? "the token it held is inactive where it was issued: called so after "
                                                + upstream.getAsLong() + " ms"
                                        : "the token it held is still active where it was issued: it lives to its own end");
            }
            out().println(verdict(proof, end));
            proof.wrong().forEach(wrong -> out().println("  " + wrong));
        }
        return proof.holds() ? Xaa.FINE : Xaa.FINDINGS;
    }

    private static String verdict(RevocationProof proof, Moment end) {
        if (!proof.holds()) {
            return "the bound is NOT proven:";
        }
        String last = proof.lastToken().isPresent() ? away(proof.lastToken().getAsLong()) : "none";
        return end.acknowledged()
                ? "bound holds: no connect begun after the end's answer got a token (" + proof.after() + " connects, "
                        + proof.replicas().size() + " replicas); last token " + last
                : "every replica refuses; last token " + last;
    }

    private static String away(long ms) {
        return ms < 0 ? -ms + " ms before" : ms + " ms after";
    }

    private ObjectNode inJson(RevocationProof proof, Moment end, Optional<String> cause) {
        ObjectNode answer = object().put("holds", proof.holds()).put("by", by);
        if (end.acknowledged()) {
            answer.put("endAnsweredAfterMs", (end.answered() - end.asked()) / 1_000_000);
        }
        cause.ifPresent(why -> answer.put("endCause", why));
        answer.put("connectsBegunAfter", proof.after());
        proof.lastToken().ifPresent(ms -> answer.put("lastTokenMs", ms));
        ArrayNode replicas = answer.putArray("replicas");
        for (RevocationProof.Replica one : proof.replicas()) {
            ObjectNode replica = replicas.addObject()
                    .put("url", one.url())
                    .put("connects", one.connects())
                    .put("tokens", one.tokens())
                    .put("begunAfter", one.after())
                    .put("tokensOfThose", one.tokensAfter())
                    .put("errors", one.errors());
            one.lastToken().ifPresent(ms -> replica.put("lastTokenMs", ms));
            one.firstRefusal().ifPresent(ms -> replica.put("firstRefusalMs", ms));
        }
        answer.set("wrong", array(proof.wrong()));
        return answer;
    }

    /** What happens meanwhile: for people, and in the way of machines. */
    private void tell(String words) {
        (json ? err() : out()).println(words);
    }
}
