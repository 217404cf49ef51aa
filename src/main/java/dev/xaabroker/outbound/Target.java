package dev.xaabroker.outbound;

import dev.xaabroker.outbound.OutboundException.Kind;
import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;

/**
 * A URL that may be called, as far as its text tells: https, no userinfo, no fragment, and a host that every reader
 * reads alike (RULES K1).
 *
 * @param tls false only for http in development
 * @param host a name, a dotted quad, or an IPv6 address without its brackets
 * @param requestUri path and query, as they were written
 */
record Target(URI uri, boolean tls, String host, int port, String requestUri) {

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

    /**
     * Reads {@code url}.
     *
     * @param development whether http is readable at all; that it goes to loopback is checked with the addresses
     * @throws OutboundException REFUSED
     */
    static Target parse(String url, boolean development) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refused("a URL", "malformed");
        }
        String host = host(uri);
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if (!tls && !(development && scheme.equals("http"))) {
            throw refused(host, "not https");
        }
        if (uri.getRawUserInfo() != null) {
            throw refused(host, "userinfo in the URL");
        }
        if (uri.getRawFragment() != null) {
            throw refused(host, "fragment in the URL");
        }
        int port = uri.getPort() == -1 ? (tls ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw refused(host, "no such port");
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new Target(uri, tls, host, port, path + query);
    }

    /**
     * Where {@code location} leads from here (RFC 9110 s10.2.2).
     *
     * @throws OutboundException REFUSED when it leaves the scheme, or is no URL to be called
     */
    Target redirected(String location, boolean development) {
        Target next;
        try {
            next = parse(uri.resolve(new URI(location)).toString(), development);
        } catch (URISyntaxException e) {
            throw refused(host, "redirects to a malformed URL");
        }
        if (next.tls != tls) {
            throw refused(host, "redirects to another scheme");
        }
        return next;
    }

    /** The host as it stands in a URL and in {@code Host}. */
    String authorityHost() {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }

    /** Decimal, octal, hexadecimal and short forms of an address are read differently by different readers. */
    private static String host(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            throw refused("a URL", "its host is neither a name, nor a dotted quad, nor an IPv6 address");
        }
        if (host.startsWith("[")) {
            String literal = host.substring(1, host.length() - 1);
            if (literal.indexOf('%') >= 0 || !NetUtil.isValidIpV6Address(literal) || isMapped(literal)) {
                throw refused("a URL", "its IPv6 address has a zone, hides an IPv4 address, or is malformed");
            }
            return literal;
        }
        String last = host.substring(host.lastIndexOf('.') + 1);
        if (last.isEmpty() || (Character.isDigit(last.charAt(0)) && !isDottedQuad(host))) {
            throw refused("a URL", "its host is neither a name nor a proper dotted quad");
        }
        return host;
    }

    /** Four decimal numbers without leading zeros: what netty writes is what it read. */
    private static boolean isDottedQuad(String host) {
        return NetUtil.isValidIpV4Address(host)
                && NetUtil.bytesToIpAddress(NetUtil.createByteArrayFromIpAddressString(host))
                        .equals(host);
    }

    private static boolean isMapped(String literal) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        return bytes == null || (Arrays.mismatch(bytes, MAPPED) == MAPPED.length);
    }

    private static OutboundException refused(String host, String cause) {
        return new OutboundException(Kind.REFUSED, host + ": " + cause);
    }
}
