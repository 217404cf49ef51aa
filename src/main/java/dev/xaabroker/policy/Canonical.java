package dev.xaabroker.policy;

import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One spelling for all files that mean the same: no comments, no layout, aliases followed, keys sorted, lists in their
 * order. Different contents never share a spelling.
 */
final class Canonical {

    private final StringBuilder out = new StringBuilder();

    private Canonical() {}

    static String of(Node node) {
        Canonical canonical = new Canonical();
        canonical.write(node);
        return canonical.out.toString();
    }

    private void write(Node node) {
        if (node instanceof MappingNode mapping) {
            write(mapping);
        } else if (node instanceof SequenceNode sequence) {
            write(sequence);
        } else if (node instanceof ScalarNode scalar) {
            write(scalar);
        }
    }

    private void write(MappingNode mapping) {
        TreeMap<String, Node> sorted = new TreeMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            sorted.put(of(tuple.getKeyNode()), tuple.getValueNode());
        }
        out.append('{');
        sorted.forEach((key, value) -> {
            out.append(key).append(':');
            write(value);
            out.append(',');
        });
        out.append('}');
    }

    private void write(SequenceNode sequence) {
        out.append('[');
        for (Node item : sequence.getValue()) {
            write(item);
            out.append(',');
        }
        out.append(']');
    }

    /** Texts by their length, so that no text can imitate structure; other scalars as their tag and spelling. */
    private void write(ScalarNode scalar) {
        if (!scalar.getTag().equals(Tag.STR)) {
            out.append(scalar.getTag().getValue());
        }
        out.append('"').append(scalar.getValue().length()).append('"').append(scalar.getValue());
    }
}
