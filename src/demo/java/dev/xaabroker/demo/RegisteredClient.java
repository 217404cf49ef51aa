package dev.xaabroker.demo;

/** A confidential client that a demo server knows, with the one way in which it authenticates. */
public sealed interface RegisteredClient {

    String id();

    /** RFC 6749 s2.3.1, in the header. */
    static RegisteredClient basic(String id, String secret) {
        return new Basic(id, secret);
    }

    /** RFC 6749 s2.3.1, in the body. */
    static RegisteredClient post(String id, String secret) {
        return new Post(id, secret);
    }

    /** RFC 7523 s2.2. */
    static RegisteredClient privateKeyJwt(String id, String jwks) {
        return new PrivateKeyJwt(id, jwks);
    }

    record Basic(String id, String secret) implements RegisteredClient {
        @Override
        public String toString() {
            return "Basic[" + id + "]";
        }
    }

    record Post(String id, String secret) implements RegisteredClient {
        @Override
        public String toString() {
            return "Post[" + id + "]";
        }
    }

    record PrivateKeyJwt(String id, String jwks) implements RegisteredClient {}
}
