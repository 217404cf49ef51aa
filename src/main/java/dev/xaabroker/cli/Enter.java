package dev.xaabroker.cli;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** The moment at which somebody at the terminal presses ENTER, if anybody does. */
final class Enter {

    private static final long NOT_YET = Long.MIN_VALUE;

    private final AtomicLong pressed = new AtomicLong(NOT_YET);

    private Enter() {}

    /** Begins to listen, and goes on until the command ends. */
    static Enter await() {
        Enter enter = new Enter();
        Thread.ofPlatform().daemon().name("enter").start(enter::listen);
        return enter;
    }

    private void listen() {
        try {
            int read;
            do {
                read = System.in.read();
            } while (read >= 0 && read != '\n');
            if (read == '\n') {
                pressed.set(System.nanoTime());
            }
        } catch (IOException noTerminal) {
            // Nobody is there to press it.
        }
    }

    /** By {@link System#nanoTime}. */
    OptionalLong pressed() {
        long at = pressed.get();
        return at == NOT_YET ? OptionalLong.empty() : OptionalLong.of(at);
    }
}
