package dev.xaabroker.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The authorities that peers' certificates may come from. */
final class Trust {

    private Trust() {}

    /**
     * The JDK's own roots and the certificates of a PEM bundle.
     *
     * @throws IllegalStateException when the bundle cannot be read or is empty: the broker must not start without it
     */
    static TrustManagerFactory with(Path bundle) {
        try (InputStream in = Files.newInputStream(bundle)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            Collection<? extends Certificate> extra =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (extra.isEmpty()) {
                throw new IllegalStateException("xaa.outbound.trust-certificates holds no certificate: " + bundle);
            }
            add(store, "jdk-", roots());
            add(store, "extra-", extra);
            return factory(store);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("xaa.outbound.trust-certificates cannot be read: " + bundle, e);
        }
    }

    private static void add(KeyStore store, String prefix, Collection<? extends Certificate> certificates)
            throws GeneralSecurityException {
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry(prefix + number++, certificate);
        }
    }

    private static List<Certificate> roots() throws GeneralSecurityException {
        for (TrustManager manager : factory(null).getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return List.of(x509.getAcceptedIssuers());
            }
        }
        throw new IllegalStateException("this JDK has no trust manager for X.509");
    }

    /** With null the JDK's own store: its default file, or what a native binary was built with. */
    @SuppressWarnings("NullAway")
    private static TrustManagerFactory factory(@org.jspecify.annotations.Nullable KeyStore store)
            throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
