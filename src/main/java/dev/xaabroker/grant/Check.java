package dev.xaabroker.grant;

/**
 * One thing that was looked at, for somebody who wants to know why nothing works.
 *
 * @param name what was looked at, in a word or two
 * @param found what was seen; it holds no secret
 * @param fix what to do about it; empty when nothing is to be done
 */
public record Check(String name, Verdict verdict, String found, String fix) {

    /** What to think of it. */
    public enum Verdict {
        OK,
        /** It works, or may work, and somebody should look at it. */
        WARNING,
        /** Connects fail, or are not safe, until it is mended. */
        FAULT,
        /** It was not looked at, because something before it is not well or nobody wanted it. */
        SKIPPED
    }

    public static Check ok(String name, String found) {
        return new Check(name, Verdict.OK, found, "");
    }

    public static Check warning(String name, String found, String fix) {
        return new Check(name, Verdict.WARNING, found, fix);
    }

    public static Check fault(String name, String found, String fix) {
        return new Check(name, Verdict.FAULT, found, fix);
    }

    public static Check skipped(String name, String why) {
        return new Check(name, Verdict.SKIPPED, why, "");
    }
}
