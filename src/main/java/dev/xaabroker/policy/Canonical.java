package dev.xaabroker.policy;

import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One spelling for all that means the same: JSON without comments and layout, aliases followed, keys sorted. It is YAML as
 * well, and reading it gives the nodes that it was made from.
 */
final class Canonical {

    private final StringBuilder out = new StringBuilder();

    private Canonical() {}

    static String of(Node node) {
        Canonical canonical = new Canonical();
        canonical.write(node);
        return canonical.out.toString();
    }

    /** A whole policy: rules and tests sorted, for their order means nothing; sections that hold nothing left out. */
    static String policy(MappingNode root) {
        Canonical canonical = new Canonical();
        canonical.writePolicy(root);
        return canonical.out.toString();
    }

    private void writePolicy(MappingNode root) {
        char opening = '{';
        for (Map.Entry<String, Node> section : sorted(root).entrySet()) {
            if (section.getValue() instanceof CollectionNode<?> collection
                    && collection.getValue().isEmpty()) {
                continue;
            }
            out.append(opening).append('\n').append(section.getKey()).append(": ");
            switch (section.getValue()) {
                case MappingNode entries -> writeEntries(entries);
                case SequenceNode rules -> writeRules(rules);
                default -> write(section.getValue());
            }
            opening = ',';
        }
        out.append("\n}\n");
    }

    private void writeEntries(MappingNode mapping) {
        char opening = '{';
        for (Map.Entry<String, Node> entry : sorted(mapping).entrySet()) {
            out.append(opening).append("\n  ").append(entry.getKey()).append(": ");
            write(entry.getValue());
            opening = ',';
        }
        out.append('}');
    }

    private void writeRules(SequenceNode sequence) {
        char opening = '[';
        for (String rule :
                sequence.getValue().stream().map(Canonical::of).sorted().toList()) {
            out.append(opening).append("\n  ").append(rule);
            opening = ',';
        }
        out.append(']');
    }

    private void write(Node node) {
        switch (node) {
            case MappingNode mapping -> write(mapping);
            case SequenceNode sequence -> write(sequence);
            case ScalarNode scalar -> write(scalar);
            default -> throw new IllegalStateException("aliases have been followed");
        }
    }

    private void write(MappingNode mapping) {
        out.append('{');
        String comma = "";
        for (Map.Entry<String, Node> entry : sorted(mapping).entrySet()) {
            out.append(comma).append(entry.getKey()).append(": ");
            write(entry.getValue());
            comma = ", ";
        }
        out.append('}');
    }

    private void write(SequenceNode sequence) {
        out.append('[');
        String comma = "";
        for (Node item : sequence.getValue()) {
            out.append(comma);
            write(item);
            comma = ", ";
        }
        out.append(']');
    }

    private static Map<String, Node> sorted(MappingNode mapping) {
        Map<String, Node> sorted = new TreeMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            sorted.put(of(tuple.getKeyNode()), tuple.getValueNode());
        }
        return sorted;
    }

    /** Texts in quotes; the other scalars that a policy may hold, flags and whole numbers, have one spelling each. */
    private void write(ScalarNode scalar) {
        String value = scalar.getValue();
        if (scalar.getTag().equals(Tag.STR)) {
            quote(value);
        } else if (scalar.getTag().equals(Tag.BOOL)) {
            out.append(value.equalsIgnoreCase("true"));
        } else {
            out.append(value);
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (isPlain(c)) {
                out.appendCodePoint(c);
            } else {
                out.append("\\u%04x".formatted(c));
            }
            i += Character.charCount(c);
        }
        out.append('"');
    }

    /** What YAML and JSON both read back as it is. The rest, line ends and controls among it, is below U+10000. */
    private static boolean isPlain(int c) {
        return (c >= 0x20 && c < 0x7F)
                || (c >= 0xA0 && c < 0xD800 && c != 0x2028 && c != 0x2029)
                || (c >= 0xE000 && c < 0xFFFE && c != 0xFEFF)
                || c >= 0x10000;
    }
}
