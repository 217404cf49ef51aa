package dev.xaabroker.exchange;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** What the package logs while a test runs. */
final class Logged extends Handler implements AutoCloseable {

    private static final Formatter MESSAGE_ONLY = new PatternFormatter("%s");

    private final Logger logger = Logger.getLogger(Logged.class.getPackageName());
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Logged() {
        logger.setLevel(Level.ALL);
        logger.addHandler(this);
    }

    List<String> warnings() {
        return at(Level.WARNING.intValue());
    }

    List<String> errors() {
        return at(Level.SEVERE.intValue());
    }

    List<String> all() {
        return records.stream().map(Logged::text).toList();
    }

    private List<String> at(int level) {
        return records.stream()
                .filter(record -> record.getLevel().intValue() == level)
                .map(Logged::text)
                .toList();
    }

    private static String text(LogRecord record) {
        return MESSAGE_ONLY.format(record);
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
