package dev.xaabroker.policy;

/**
 * How one of the file's {@code tests} ended.
 *
 * @param line of the test in its file, from 1
 * @param detail what was expected and what came; empty when it passed
 */
public record TestResult(String name, int line, boolean passed, String detail) {}
