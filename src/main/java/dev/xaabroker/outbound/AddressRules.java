package dev.xaabroker.outbound;

import dev.xaabroker.grant.Network;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a peer may have (RULES K1; RFC 6890 and the IANA special-purpose registries).
 *
 * <p>The subnets only ever refuse. Up to 4.1.130 at least, netty also matches an IPv6 address whose prefix is all ones
 * (netty pull request 16860): that refuses too much of {@code ff00::/8}, which is refused anyway, but a subnet that
 * allows, such as {@code 2000::/3}, would let {@code fc00::/7} through.
 */
final class AddressRules {

    /** Not even with {@code network: private}. */
    private static final List<IpSubnetFilterRule> NEVER = subnets(
            "169.254.0.0/16", // link-local, with the metadata services of most clouds
            "fe80::/10",
            "100.100.100.200/32", // metadata: Alibaba
            "168.63.129.16/32", // metadata: Azure
            "192.0.0.192/32", // metadata: Oracle
            "fd00:ec2::254/128", // metadata: AWS
            "fd00:ec2::23/128", // metadata: AWS, pod identity
            "fd20:ce::254/128", // metadata: Google
            "0.0.0.0/8", // this host
            "::/128",
            "224.0.0.0/4", // multicast
            "ff00::/8",
            "255.255.255.255/32",
            "64:ff9b:1::/48", // local NAT64 and the next two hide an IPv4 address where we do not look
            "::ffff:0:0:0/96",
            "2001::/32");

    /** Only with {@code network: private}. */
    private static final List<IpSubnetFilterRule> INSIDE = subnets(
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "127.0.0.0/8",
            "100.64.0.0/10", // carrier-grade NAT
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation, and the next two
            "198.51.100.0/24",
            "203.0.113.0/24",
            "192.88.99.0/24", // 6to4 relays
            "198.18.0.0/15", // benchmarks
            "240.0.0.0/4", // reserved
            "::/3", // this and the next two: all that is not global unicast, 2000::/3
            "4000::/2",
            "8000::/1",
            "2001::/23", // protocol assignments
            "2001:db8::/32", // documentation, and the next
            "3fff::/20");

    /** IPv6 addresses that carry an IPv4 address in their last four bytes: compatible and NAT64. */
    private static final List<IpSubnetFilterRule> IPV4_AT_THE_END = subnets("::/96", "64:ff9b::/96");

    private static final IpSubnetFilterRule SIX_TO_FOUR = subnet("2002::/16");

    private AddressRules() {}

    /**
     * Why {@code address} must not be connected to; empty when it may.
     *
     * @param development whether loopback addresses are open to every peer
     */
    static Optional<String> refusal(InetAddress address, Network network, boolean development) {
        if (address.isLoopbackAddress()) {
            return development || network == Network.PRIVATE ? Optional.empty() : Optional.of("loopback address");
        }
        if (any(NEVER, address)) {
            return Optional.of("link-local, metadata or otherwise unreachable address");
        }
        InetAddress carried = carried(address);
        if (network == Network.PRIVATE) {
            return carried == null ? Optional.empty() : refusal(carried, network, development);
        }
        return carried != null || any(INSIDE, address)
                ? Optional.of("private or special address, and its entry does not say network: private")
                : Optional.empty();
    }

    /** The IPv4 address that an IPv6 address of a transition mechanism leads to. */
    private static @Nullable InetAddress carried(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return null;
        }
        byte[] bytes = address.getAddress();
        InetAddress unmapped = of(bytes);
        if (unmapped instanceof Inet4Address) {
            return unmapped;
        }
        int from = any(IPV4_AT_THE_END, address) ? 12 : SIX_TO_FOUR.matches(socket(address)) ? 2 : -1;
        return from < 0 ? null : of(Arrays.copyOfRange(bytes, from, from + 4));
    }

    private static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("neither 4 nor 16 bytes", e);
        }
    }

    private static boolean any(List<IpSubnetFilterRule> subnets, InetAddress address) {
        return subnets.stream().anyMatch(subnet -> subnet.matches(socket(address)));
    }

    private static InetSocketAddress socket(InetAddress address) {
        return new InetSocketAddress(address, 0);
    }

    private static List<IpSubnetFilterRule> subnets(String... notations) {
        return Arrays.stream(notations).map(AddressRules::subnet).toList();
    }

    private static IpSubnetFilterRule subnet(String notation) {
        return new IpSubnetFilterRule(notation, IpFilterRuleType.REJECT);
    }
}
