package dev.xaabroker.outbound;

import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** What went wrong on the wire, in words for the operator. A peer's certificate may write into it, so it is cut and cleaned. */
final class Cause {

    private static final int MOST = 160;

    private Cause() {}

    static String of(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String kind = root.getClass().getSimpleName();
        if (!(root instanceof CertificateException || root instanceof SSLException)
                && !root.getClass().getName().startsWith("sun.security.")) {
            return kind;
        }
        String text = String.valueOf(root.getMessage()).replaceAll("[^\\x20-\\x7e]", "?");
        return kind + " " + text.substring(0, Math.min(MOST, text.length()));
    }
}
