package dev.xaabroker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.xaabroker.grant.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The user whose session is ended for the sake of a proof, and nobody else's. */
final class Canary {

    private static final Optional<String> REFRESH_TOKEN = Optional.of("refresh_token");

    @Option(
            names = "--subject-token-file",
            required = true,
            paramLabel = "FILE",
            description = "A fresh refresh token of the canary, issued to this client.")
    Path subjectToken;

    @Option(names = "--user", paramLabel = "PSEUDONYM", description = "The canary, as the ledger calls it.")
    @Nullable
    String user;

    @Option(names = "--subject", paramLabel = "IDP/SUB", description = "The canary, by identity provider and sub.")
    @Nullable
    String subject;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "The bearer token for the admin face, of somebody with the role xaa-security, or the file"
                            + " admin.token of an embedded broker. Without it the environment variable XAA_ADMIN_TOKEN is read.")
    @Nullable
    Path adminToken;

    /**
     * The canary's session.
     *
     * @param upstream the access token that it got
     * @param id absent when nobody needs it
     */
    record Session(Secret handle, Secret upstream, Optional<String> id, Optional<AdminFace> admin) {

        String name() {
            return id.map(known -> "session " + known).orElse("a session");
        }

        /** Ends it; the time of the answer is the caller's to take. */
        void end() {
            admin.orElseThrow()
                    .post(path() + "/end", JsonNodeFactory.instance.objectNode().put("reason", "xaa prove revocation"));
        }

        /** Why it ended, as far as it did and somebody may ask. */
        Optional<String> endCause() {
            return admin.map(face -> face.get(path()).json().path("endCause").asText(""))
                    .filter(cause -> !cause.isEmpty())
                    .map(AdminFace::printable);
        }

        private String path() {
            return "/admin/sessions/" + AdminFace.encoded(id.orElseThrow());
        }
    }

    /**
     * Connects at every replica.
     *
     * @param ended whether the session is to be ended over the admin face, so that its id must be known
     * @throws Stopped unless each of them hands out a token
     */
    Session connect(
            List<Connect> replicas, URI first, String client, String resource, List<String> scopes, boolean ended) {
        boolean named = user != null || subject != null;
        if (ended && !named) {
            throw new Stopped("name the canary with --user or --subject: its session is to be ended, and no other");
        }
        Optional<AdminFace> admin = named ? Optional.of(BrokerOption.admin(first, adminToken)) : Optional.empty();
        Set<String> before = admin.map(face -> sessions(face, client)).orElse(Set.of());
        Secret presented = Secrets.fromFile(subjectToken);
        JsonNode adopted = token(replicas.getFirst(), presented, resource, scopes);
        if (!adopted.path("refresh_token").isTextual()) {
            throw new Stopped(subjectToken
                    + ": holds no refresh token of the identity provider; a proof needs a session of" + " its own");
        }
        Secret handle = Secret.of(adopted.path("refresh_token").asText());
        replicas.forEach(replica -> token(replica, handle, resource, scopes));
        Secret upstream = Secret.of(adopted.path("access_token").asText());
        return new Session(handle, upstream, admin.map(face -> theNewOne(before, sessions(face, client))), admin);
    }

    private static JsonNode token(Connect replica, Secret subject, String resource, List<String> scopes) {
        Http.Reply reply = replica.send(subject, REFRESH_TOKEN, resource, scopes);
        JsonNode said = reply.json();
        if (reply.status() != 200 || !said.path("access_token").isTextual()) {
            String reason = said.path("reason").asText("");
            throw new Stopped(replica.broker() + ": the canary gets no token to begin with (" + reply.status() + " "
                    + AdminFace.printable(reason) + "): " + Remedies.of(reason));
        }
        return said;
    }

    private Set<String> sessions(AdminFace admin, String client) {
        StringBuilder path = new StringBuilder("/admin/sessions?limit=1000&client=" + AdminFace.encoded(client));
        if (subject == null) {
            path.append("&user=").append(AdminFace.encoded(String.valueOf(user)));
        } else {
            int slash = subject.indexOf('/');
            if (slash < 1 || user != null) {
                throw new Stopped("give either --user, or --subject as IDP/SUB");
            }
            path.append("&idp=").append(AdminFace.encoded(subject.substring(0, slash)));
            path.append("&subject=").append(AdminFace.encoded(subject.substring(slash + 1)));
        }
        Set<String> ids = new LinkedHashSet<>();
        admin.get(path.toString())
                .json()
                .path("sessions")
                .forEach(session -> ids.add(session.path("id").asText()));
        return ids;
    }

    private static String theNewOne(Set<String> before, Set<String> after) {
        Set<String> added = new LinkedHashSet<>(after);
        added.removeAll(before);
        if (added.size() != 1) {
            throw new Stopped(
                    added.isEmpty()
                            ? "the canary has no new session: the refresh token is another user's, or was presented before"
                            : "the canary got several sessions at once: keep its account for proofs");
        }
        return added.iterator().next();
    }
}
