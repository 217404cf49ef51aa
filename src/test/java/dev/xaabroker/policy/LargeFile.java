package dev.xaabroker.policy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A file of any size: as many servers as connections, a test for every tenth connection, 100 distinct conditions. */
final class LargeFile {

    private static final int CONDITIONS = 100;

    private LargeFile() {}

    static String of(int connections) {
        String head = Example.FILE
                .substring(0, Example.FILE.indexOf("servers:"))
                .replace("claims: { groups: groups }", "claims: { groups: groups, department: dept }");
        String servers = lines(
                connections,
                "  s%1$d: { resource: https://s%1$d.example, audience: https://as%1$d.example, scopes: [read],"
                        + " auth: { method: client_secret_basic, clientId: b, secret: env:SECRET } }\n");
        String rules = IntStream.range(0, connections)
                .mapToObj(i ->
                        ("  - { id: c%1$d, clients: [cursor, claude], servers: [s%1$d], users: { groups: [g%1$d] },"
                                        + " scopes: [read], when: 'user.department != \"d%2$d\" && request.scopes.size() < 5' }\n")
                                .formatted(i, i % CONDITIONS))
                .collect(Collectors.joining());
        String tests = lines(
                connections / 10,
                "  - { name: t%1$d, given: { user: { groups: [g%1$d], department: it }, client: cursor, server: s%1$d },"
                        + " expect: { decision: allow, connection: c%1$d } }\n");
        return head + "servers:\n" + servers + "connections:\n" + rules + "tests:" + (tests.isEmpty() ? " []\n" : "\n")
                + tests;
    }

    private static String lines(int count, String line) {
        return IntStream.range(0, count).mapToObj(line::formatted).collect(Collectors.joining());
    }
}
