package dev.xaabroker.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Names this broker among others, for people: who runs it, where, as which process. */
final class Instance {

    private Instance() {}

    /** {@code os-user@host:process}; in Kubernetes the host is the pod. */
    static String name() {
        return System.getProperty("user.name", "unknown")
                + "@" + host()
                + ":" + ProcessHandle.current().pid();
    }

    private static String host() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isBlank()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "unknown";
        }
    }
}
