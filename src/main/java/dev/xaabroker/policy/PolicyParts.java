package dev.xaabroker.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The files of one policy put together, as if they had been one. Each file states {@code apiVersion}, {@code kind} and the
 * tenant, so that it says by itself what it is and cannot end up in another tenant's directory unnoticed; tenant and owner
 * agree wherever they stand; {@code defaults} stand in one file only; everything else adds up.
 *
 * @param root what the one file would hold; nodes remember the file they stand in
 */
record PolicyParts(MappingNode root, String tenant, String owner) {

    /** Mappings from names to entries. */
    static final List<String> SECTIONS =
            List.of("identityProviders", "clients", "servers", "clientGroups", "serverGroups");

    /** Lists, whose order means nothing. */
    static final Set<String> LISTS = Set.of("connections", "deny", "tests");

    private static final List<String> KEYS = Stream.of(
                    List.of("apiVersion", "kind", "metadata", "defaults"),
                    SECTIONS,
                    List.of("connections", "deny", "tests"))
            .flatMap(List::stream)
            .toList();

    /** What is wrong goes into {@code findings}; the answer is of use when nothing is. */
    static PolicyParts of(List<Node> roots, Findings findings) {
        Header header = new Header(findings);
        Map<String, NodeTuple> whole = new LinkedHashMap<>();
        for (Node root : roots) {
            Fields.open("the file", root, root, findings).ifPresent(file -> {
                KEYS.forEach(file::has);
                file.done();
                header.read(file);
                KEYS.forEach(key -> add(key, file, whole, findings));
            });
        }
        Node first = roots.getFirst();
        MappingNode root = new MappingNode(
                Tag.MAP, true, List.copyOf(whole.values()), FlowStyle.BLOCK, first.getStartMark(), first.getEndMark());
        return new PolicyParts(root, header.tenant(), header.owner());
    }

    private static void add(String key, Fields file, Map<String, NodeTuple> whole, Findings findings) {
        Optional<NodeTuple> tuple = file.tuple(key);
        if (tuple.isEmpty() || whole.putIfAbsent(key, tuple.get()) == null) {
            return;
        }
        NodeTuple before = whole.get(key);
        if (LISTS.contains(key)) {
            if (before.getValueNode() instanceof SequenceNode list) {
                file.items(key)
                        .ifPresent(more -> whole.put(
                                key, new NodeTuple(before.getKeyNode(), joined(list, list.getValue(), more))));
            }
        } else if (SECTIONS.contains(key)) {
            if (before.getValueNode() instanceof MappingNode section) {
                entries(file, key)
                        .ifPresent(more -> whole.put(key, new NodeTuple(before.getKeyNode(), joined(section, more))));
            }
        } else if (key.equals("metadata")) {
            if (before.getValueNode() instanceof MappingNode metadata) {
                entries(file, key)
                        .map(more -> unknownIn(metadata, more))
                        .ifPresent(more -> whole.put(key, new NodeTuple(before.getKeyNode(), joined(metadata, more))));
            }
        } else if (key.equals("defaults")) {
            Node here = file.key(key);
            findings.at(
                    here,
                    "`defaults` stand " + Findings.place(before.getKeyNode(), here)
                            + " already: keep them in one file");
        }
    }

    private static Optional<List<NodeTuple>> entries(Fields file, String key) {
        return file.fields(key, "`" + key + "`")
                .flatMap(fields -> file.tuple(key))
                .map(tuple -> ((MappingNode) tuple.getValueNode()).getValue());
    }

    private static List<NodeTuple> unknownIn(MappingNode mapping, List<NodeTuple> tuples) {
        Set<String> known = mapping.getValue().stream()
                .map(tuple -> Canonical.of(tuple.getKeyNode()))
                .collect(Collectors.toSet());
        return tuples.stream()
                .filter(tuple -> !known.contains(Canonical.of(tuple.getKeyNode())))
                .toList();
    }

    private static MappingNode joined(MappingNode first, List<NodeTuple> more) {
        List<NodeTuple> all = new ArrayList<>(first.getValue());
        all.addAll(more);
        return new MappingNode(first.getTag(), true, all, FlowStyle.BLOCK, first.getStartMark(), first.getEndMark());
    }

    private static SequenceNode joined(SequenceNode at, List<Node> first, List<Node> more) {
        List<Node> all = new ArrayList<>(first);
        all.addAll(more);
        return new SequenceNode(at.getTag(), true, all, FlowStyle.BLOCK, at.getStartMark(), at.getEndMark());
    }
}
