package dev.xaabroker.signals;

import dev.xaabroker.broker.SignalSources;
import dev.xaabroker.grant.IdentityProviderEntry;
import dev.xaabroker.grant.Refusal;
import dev.xaabroker.grant.Signals.Way;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.logging.Logger;

/** What all signals meet at the door: a limit, an identity provider that may send this kind, and one way to be refused. */
@ApplicationScoped
class Door {

    private static final Logger LOG = Logger.getLogger(Door.class);

    private final SignalLimits limits;
    private final SignalSources sources;

    Door(SignalLimits limits, SignalSources sources) {
        this.limits = limits;
        this.sources = sources;
    }

    /** Takes one signal; it has a name by then, under which log and ledger have it. */
    interface Take {
        Response from(IdentityProviderEntry idp, String requestId);
    }

    /** How a kind of signal calls the two members of an error. */
    enum Words {
        OAUTH("error", "error_description"),
        RFC_8935("err", "description");

        private final String code;
        private final String description;

        Words(String code, String description) {
            this.code = code;
            this.description = description;
        }
    }

    /** Lets a signal in, or says why not. */
    Response let(String idpName, Way way, Words words, HttpServerRequest http, Take take) {
        String requestId = UUID.randomUUID().toString();
        Problem problem;
        try {
            limits.request(http);
            IdentityProviderEntry idp = sources.find(idpName, way).orElseThrow(Problem.notOpen()::stop);
            return take.from(idp, requestId);
        } catch (Problem.Stopped stopped) {
            problem = stopped.problem();
        } catch (Refusal refusal) {
            problem = Problem.of(refusal.failure());
            LOG.warnf(
                    "signal not taken way=%s request_id=%s detail=%s",
                    way.word(), requestId, refusal.failure().detail());
        } catch (RuntimeException fault) {
            LOG.errorf(fault, "signal broke way=%s request_id=%s", way.word(), requestId);
            problem = Problem.broken();
        }
        LOG.infof(
                "signal refused way=%s idp=%s status=%d code=%s why=%s request_id=%s",
                way.word(), printable(idpName), problem.status(), problem.code(), problem.description(), requestId);
        return problem.response(words.code, words.description, requestId);
    }

    /** A name as sent, without what could forge a line of the log. */
    private static String printable(String name) {
        return name.substring(0, Math.min(100, name.length())).replaceAll("[^\\x21-\\x7E]", "?");
    }
}
