package dev.xaabroker.broker;

import dev.xaabroker.grant.Kill;
import dev.xaabroker.grant.Kills;
import dev.xaabroker.session.KillSwitch;
import java.util.List;

/** A switch that nobody has touched. */
final class NothingShut implements KillSwitch {

    @Override
    public Kills inForce(String tenant) {
        return Kills.NONE;
    }

    @Override
    public List<Kill> list(String tenant) {
        return List.of();
    }

    @Override
    public void shut(Kill kill) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean open(String tenant, Kill.Kind kind, String name) {
        return false;
    }
}
