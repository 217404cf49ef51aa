package dev.xaabroker.outbound;

import dev.xaabroker.outbound.OutboundException.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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

    private final ConcurrentMap<String, FutureTask<InetAddress[]>> underWay = new ConcurrentHashMap<>();

    Resolver(Lookup lookup) {
        this.lookup = lookup;
    }

    /**
     * All addresses of {@code host}, at least one.
     *
     * @throws OutboundException NOT_SENT
     */
    List<InetAddress> resolve(String host, Deadline deadline) {
        Future<InetAddress[]> found = lookUp(host);
        try {
            List<InetAddress> addresses = List.of(found.get(deadline.left(), TimeUnit.NANOSECONDS));
            if (addresses.isEmpty()) {
                throw notSent(host, "the name does not resolve");
            }
            return addresses;
        } catch (TimeoutException e) {
            throw notSent(host, "the name was not resolved in time");
        } catch (ExecutionException | CancellationException e) {
            throw notSent(host, "the name does not resolve");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notSent(host, "interrupted");
        }
    }

    /** All who ask for one host share one thread, or a host whose name server keeps silent would take every one. */
    private Future<InetAddress[]> lookUp(String host) {
        FutureTask<InetAddress[]> mine = new FutureTask<>(() -> {
            try {
                return lookup.all(host);
            } finally {
                // Before anyone sees the answer: who asks after it came must get a new one.
                underWay.remove(host);
            }
        });
        FutureTask<InetAddress[]> theirs = underWay.putIfAbsent(host, mine);
        if (theirs != null) {
            return theirs;
        }
        try {
            threads.execute(mine);
            return mine;
        } catch (RejectedExecutionException e) {
            underWay.remove(host, mine);
            mine.cancel(false);
            throw notSent(host, "too many names are being looked up");
        }
    }

    void close() {
        threads.shutdownNow();
    }

    private static OutboundException notSent(String host, String cause) {
        return new OutboundException(Kind.NOT_SENT, host + ": " + cause);
    }
}
