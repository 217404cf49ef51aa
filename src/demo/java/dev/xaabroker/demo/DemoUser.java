package dev.xaabroker.demo;

import java.util.List;

/**
 * A person at the demo identity provider; the password is the name.
 *
 * @param sub the subject identifier at that provider
 * @param acr how strongly the person logs in
 */
public record DemoUser(String name, String sub, String email, List<String> groups, String acr) {

    public static final DemoUser ALICE =
            new DemoUser("alice", "00u-alice-1f3a", "alice@acme.example", List.of("engineering"), "phr");
    public static final DemoUser BOB = new DemoUser("bob", "00u-bob-77c2", "bob@acme.example", List.of("sales"), "pwd");

    public DemoUser {
        groups = List.copyOf(groups);
    }

    public DemoUser withGroups(String... others) {
        return new DemoUser(name, sub, email, List.of(others), acr);
    }
}
