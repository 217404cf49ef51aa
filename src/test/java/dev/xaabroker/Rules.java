package dev.xaabroker;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The conformance rules, by their ids in RULES.md, that a test proves: it fails when the rule is broken. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Rules {
    String[] value();
}
