package dev.xaabroker.outbound;

import dev.xaabroker.outbound.OutboundException.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds the addresses of a host within a deadline. */
final class Resolver {

    /** Asks for all addresses of a host. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private static final int MOST_LOOKUPS = 32;

    private final Lookup lookup;

    /**
     * The system's lookup blocks its carrier in native code for as long as a name server keeps silent. These few threads
     * of their own keep that away from the carriers of virtual threads.
     */
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            MOST_LOOKUPS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("lookup-", 0).factory());

    Resolver(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * All addresses of {@code host}, at least one.
     *
     * @throws OutboundException NOT_SENT
     */
    List<InetAddress> resolve(String host, Deadline deadline) {
        Future<InetAddress[]> found;
        try {
            found = threads.submit(() -> lookup.all(host));
        } catch (RejectedExecutionException e) {
            throw notSent(host, "too many names are being looked up");
        }
        try {
            List<InetAddress> addresses = List.of(found.get(deadline.left(), TimeUnit.NANOSECONDS));
            if (addresses.isEmpty()) {
                throw notSent(host, "the name does not resolve");
            }
            return addresses;
        } catch (TimeoutException e) {
            throw notSent(host, "the name was not resolved in time");
        } catch (ExecutionException e) {
            throw notSent(host, "the name does not resolve");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notSent(host, "interrupted");
        } finally {
            found.cancel(true);
        }
    }

    void close() {
        threads.shutdownNow();
    }

    private static OutboundException notSent(String host, String cause) {
        return new OutboundException(Kind.NOT_SENT, host + ": " + cause);
    }
}
