package dev.xaabroker.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.xaabroker.Rules;
import dev.xaabroker.grant.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AddressRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::1",
                "2001:200::1"
            })
    @Rules("K1")
    void reachesAPublicAddress(String address) throws UnknownHostException {
        assertThat(refused(address, Network.PUBLIC)).isFalse();
        assertThat(refused(address, Network.PRIVATE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "192.168.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "192.0.0.8",
                "192.0.2.1",
                "198.51.100.7",
                "203.0.113.9",
                "198.18.0.1",
                "198.19.255.255",
                "192.88.99.1",
                "240.0.0.1",
                "254.1.2.3",
                "::1",
                "fc00::1",
                "fd12:3456::1",
                "fec0::1",
                "100::1",
                "2001:db8::1",
                "2001:2::1",
                "3fff::1",
                "4000::1",
                "8000::1",
                "c000::1",
                "e000::1",
                "fbff::1",
                "5f00::1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::8.8.8.8",
                "2002:0a00:0001::1",
                "2002:0808:0808::1",
                "::8.8.8.8",
                "::10.0.0.1"
            })
    @Rules("K1")
    void reachesAPrivateOrSpecialAddressOnlyWhereTheEntrySaysSo(String address) throws UnknownHostException {
        assertThat(refused(address, Network.PUBLIC)).isTrue();
        assertThat(refused(address, Network.PRIVATE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "169.254.255.255",
                "fe80::1",
                "febf::1",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "fd00:ec2::254",
                "fd00:ec2::23",
                "fd20:ce::254",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "224.0.0.1",
                "239.255.255.250",
                "ff02::1",
                "255.255.255.255",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b::100.100.100.200",
                "64:ff9b:1::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "::ffff:0:169.254.169.254",
                "2001:0:1234::1",
                "64:ff9b::224.0.0.1",
                "64:ff9b::0.0.0.0"
            })
    @Rules("K1")
    void neverReachesALinkLocalOrMetadataAddress(String address) throws UnknownHostException {
        assertThat(refused(address, Network.PUBLIC)).isTrue();
        assertThat(refused(address, Network.PRIVATE)).isTrue();
        assertThat(AddressRules.refusal(InetAddress.getByName(address), Network.PRIVATE, true))
                .isPresent();
    }

    @Test
    @Rules("K1")
    void looksIntoAMappedAddress() throws UnknownHostException {
        assertThat(AddressRules.refusal(mapped(10, 0, 0, 1), Network.PUBLIC, false))
                .isPresent();
        assertThat(AddressRules.refusal(mapped(8, 8, 8, 8), Network.PUBLIC, false))
                .isPresent();
        assertThat(AddressRules.refusal(mapped(10, 0, 0, 1), Network.PRIVATE, false))
                .isEmpty();
        assertThat(AddressRules.refusal(mapped(169, 254, 169, 254), Network.PRIVATE, true))
                .isPresent();
        assertThat(refused("::ffff:10.0.0.1", Network.PUBLIC)).isTrue();
        assertThat(refused("::ffff:169.254.169.254", Network.PRIVATE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1"})
    @Rules("K1")
    void opensLoopbackAndNothingElseInDevelopment(String loopback) throws UnknownHostException {
        assertThat(AddressRules.refusal(InetAddress.getByName(loopback), Network.PUBLIC, true))
                .isEmpty();
        assertThat(AddressRules.refusal(InetAddress.getByName("10.0.0.1"), Network.PUBLIC, true))
                .isPresent();
    }

    /** Plain {@code InetAddress.getByAddress} unwraps it; a resolver need not. */
    private static InetAddress mapped(int... ipv4) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        for (int i = 0; i < 4; i++) {
            bytes[12 + i] = (byte) ipv4[i];
        }
        return Inet6Address.getByAddress("peer.test", bytes, 0);
    }

    private static boolean refused(String address, Network network) throws UnknownHostException {
        return AddressRules.refusal(InetAddress.getByName(address), network, false)
                .isPresent();
    }
}
