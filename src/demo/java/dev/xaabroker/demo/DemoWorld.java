package dev.xaabroker.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * A whole enterprise on one machine: an identity provider with alice and bob, and two MCP servers, {@code files} and
 * {@code wiki}, each with an authorization server of its own. It writes the managed-connections file that joins them.
 */
public final class DemoWorld implements AutoCloseable {

    /** The ports of one world; 0 is any free port. */
    public record Ports(int identityProvider, int files, int wiki) {
        public static final Ports ANY = new Ports(0, 0, 0);
        /** What the printed walk shows. */
        public static final Ports FIXED = new Ports(8180, 8190, 8191);
    }

    private final DemoIdentityProvider identityProvider;
    private final DemoAuthorizationServer files;
    private final DemoAuthorizationServer wiki;
    private final PolicyFile policy;

    private DemoWorld(Ports ports, Path policyFile) throws IOException {
        Deque<LocalServer> servers = new ArrayDeque<>();
        try {
            for (int port : new int[] {ports.identityProvider(), ports.files(), ports.wiki()}) {
                servers.add(new LocalServer(port));
            }
            Iterator<LocalServer> next = servers.iterator();
            identityProvider = new DemoIdentityProvider(next.next());
            files = new DemoAuthorizationServer(next.next(), "", identityProvider);
            wiki = new DemoAuthorizationServer(next.next(), "/", identityProvider);
            new DemoMcpServer("files", files, "list_files", List.of("roadmap.md", "budget.xlsx", "logo.svg"));
            new DemoMcpServer("wiki", wiki, "list_pages", List.of("Welcome", "Holidays", "On call"));
            policy = PolicyFile.write(policyFile.toAbsolutePath(), this);
            // Only now: whoever finds a port open finds all clients registered.
            servers.forEach(LocalServer::start);
        } catch (IOException | RuntimeException e) {
            servers.forEach(LocalServer::close);
            throw e;
        }
    }

    /**
     * Starts it and writes keys, secrets and {@code managed-connections.yaml} into a folder, which is made if need be. Keys
     * that are there already are used again.
     */
    public static DemoWorld start(Ports ports, Path folder) throws IOException {
        return startWithPolicyAt(ports, folder.resolve("managed-connections.yaml"));
    }

    /** The same with another name for the file; keys and secrets go beside it. */
    public static DemoWorld startWithPolicyAt(Ports ports, Path policyFile) throws IOException {
        return new DemoWorld(ports, policyFile);
    }

    /**
     * The demo world on its own, next to a broker that runs elsewhere, such as the native binary.
     *
     * @param args the managed-connections file to write and the broker's base URL; both have defaults
     */
    public static void main(String[] args) throws IOException {
        Path policyFile = Path.of(args.length > 0 ? args[0] : "target/demo/managed-connections.yaml");
        String broker = args.length > 1 ? args[1] : "http://127.0.0.1:8080";
        DemoWorld world = startWithPolicyAt(Ports.FIXED, policyFile);
        Runtime.getRuntime().addShutdownHook(new Thread(world::close));
        System.out.println(new Walk(broker, world).text());
    }

    public DemoIdentityProvider identityProvider() {
        return identityProvider;
    }

    /** The RAS of the MCP server {@code files}; its issuer is its origin. */
    public DemoAuthorizationServer files() {
        return files;
    }

    /** The RAS of the MCP server {@code wiki}; its issuer is its origin with a slash. */
    public DemoAuthorizationServer wiki() {
        return wiki;
    }

    /** The managed-connections file, written. */
    public Path policyFile() {
        return policy.path();
    }

    public String policyYaml() {
        return policy.yaml();
    }

    /** The key with which {@code claude-code} proves itself to the broker. */
    public DemoKey claudeCodeKey() {
        return policy.claudeCode();
    }

    /** Forgets requests, faults and behaviour of all servers; sessions and tokens stay. */
    public void reset() {
        identityProvider.reset();
        files.reset();
        wiki.reset();
    }

    void entitle(String idpClientId, DemoAuthorizationServer server, String rasClientId, String... scopes) {
        identityProvider.entitle(
                new Entitlement(idpClientId, server.issuer(), rasClientId, Set.of(server.resource()), Set.of(scopes)));
    }

    @Override
    public void close() {
        identityProvider.close();
        files.close();
        wiki.close();
    }
}
