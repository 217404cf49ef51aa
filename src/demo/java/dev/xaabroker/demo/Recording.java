package dev.xaabroker.demo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every request that one server of the demo world received, in order; safe to read while requests arrive. */
public final class Recording {

    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

    void add(RecordedRequest request) {
        requests.add(request);
    }

    public List<RecordedRequest> requests() {
        return List.copyOf(requests);
    }

    public List<RecordedRequest> requests(String kind) {
        return requests.stream().filter(r -> r.kind().equals(kind)).toList();
    }

    /** The latest request of a kind. */
    public RecordedRequest last(String kind) {
        return requests(kind).getLast();
    }

    public int count(String kind) {
        return requests(kind).size();
    }

    public Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        requests.forEach(r -> counts.merge(r.kind(), 1, Integer::sum));
        return counts;
    }

    public void reset() {
        requests.clear();
    }
}
