package dev.xaabroker.demo;

import java.util.regex.Pattern;

/**
 * One step of the printed walk.
 *
 * @param command bash, to be pasted after the steps before it: they share shell variables
 * @param expected what is found in its output when it worked
 */
public record Step(String title, String command, Pattern expected) {}
