package dev.xaabroker.policy;

/**
 * One thing that is wrong in a managed-connections file, and what to do about it. It never holds a secret.
 *
 * @param line from 1
 * @param column from 1
 */
public record Finding(String file, int line, int column, String message) {

    /** The form that editors and terminals make clickable: {@code file:line:column: message}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + message;
    }
}
