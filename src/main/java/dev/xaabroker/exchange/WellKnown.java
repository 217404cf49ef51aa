package dev.xaabroker.exchange;

import java.util.List;

/** Where an issuer's metadata may be, in the order in which MCP asks for it (RFC 8414 s3.1, s5; RULES D5). */
final class WellKnown {

    private static final String OAUTH = "/.well-known/oauth-authorization-server";
    private static final String OIDC = "/.well-known/openid-configuration";

    private WellKnown() {}

    /**
     * The URLs to try. An issuer with a path has three, and its host's root document is not among them: that one may
     * belong to somebody else. The issuer is cut as a string, since a URL class would change it.
     */
    static List<String> of(String issuer) {
        int authority = issuer.indexOf("://") + 3;
        int slash = issuer.indexOf('/', authority);
        String origin = slash < 0 ? issuer : issuer.substring(0, slash);
        String path = slash < 0 ? "" : issuer.substring(slash);
        if (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return path.isEmpty()
                ? List.of(origin + OAUTH, origin + OIDC)
                : List.of(origin + OAUTH + path, origin + OIDC + path, origin + path + OIDC);
    }

    /**
     * Where the metadata of the resource called {@code identifier} is: the well-known part goes between its host and its
     * path, and only a slash that ends the host is dropped (RFC 9728 s3.1; RULES D2).
     */
    static String protectedResource(String identifier) {
        String authority = authority(identifier);
        String rest = identifier.substring(authority.length());
        boolean bare = rest.equals("/") || rest.startsWith("/?");
        return authority + "/.well-known/oauth-protected-resource" + (bare ? rest.substring(1) : rest);
    }

    /** Where a transmitter's configuration is: between its host and its path, a slash at the end dropped (SSF 1.0 s7.2.1). */
    static String ssfConfiguration(String issuer) {
        String authority = authority(issuer);
        String path = issuer.substring(authority.length());
        return authority + "/.well-known/ssf-configuration"
                + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /** Scheme, host and port of {@code url}, as they are written. */
    static String authority(String url) {
        int authority = url.indexOf("://") + 3;
        for (int i = authority; i < url.length(); i++) {
            if ("/?#".indexOf(url.charAt(i)) >= 0) {
                return url.substring(0, i);
            }
        }
        return url;
    }
}
