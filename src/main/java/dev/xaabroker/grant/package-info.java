/**
 * The vocabulary: what a connect request is about, in plain Java.
 *
 * <p>Every room speaks these words; they depend on nothing but the JDK. Identifiers (issuers, resources, client ids)
 * are strings compared code unit by code unit and never passed through a URL type (RFC 8414 s3.3, RFC 8707 s2). A
 * value that must not be printed is a {@link dev.xaabroker.grant.Secret}.
 */
@NullMarked
package dev.xaabroker.grant;

import org.jspecify.annotations.NullMarked;
