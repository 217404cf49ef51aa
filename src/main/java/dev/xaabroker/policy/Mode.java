package dev.xaabroker.policy;

/** Whether a rule acts, or only tells what it would do. Audit never widens access. */
enum Mode {
    ENFORCE,
    AUDIT
}
