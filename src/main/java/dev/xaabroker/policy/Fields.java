package dev.xaabroker.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of the file, read key by key. Whatever is wrong becomes a finding and the reader goes on with nothing, so
 * that one pass finds everything. {@link #done()} reports the keys that nobody asked for.
 */
final class Fields {

    private final String what;
    private final Node anchor;
    private final boolean secretive;
    private final Findings findings;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(String what, Node anchor, boolean secretive, Findings findings) {
        this.what = what;
        this.anchor = anchor;
        this.secretive = secretive;
        this.findings = findings;
    }

    /**
     * Opens {@code node}, or reports that it is no mapping.
     *
     * @param what how to speak of it: {@code server figma}
     * @param anchor where to report a missing key
     */
    static Optional<Fields> open(String what, Node node, Node anchor, Findings findings) {
        return open(new Fields(what, anchor, false, findings), node);
    }

    private static Optional<Fields> open(Fields fields, Node node) {
        if (!(node instanceof MappingNode mapping) || !node.getTag().equals(Tag.MAP)) {
            fields.findings.at(node, fields.what + " must be a mapping of keys to values: { key: value }");
            return Optional.empty();
        }
        mapping.getValue().forEach(fields::add);
        return Optional.of(fields);
    }

    private void add(NodeTuple tuple) {
        Node key = tuple.getKeyNode();
        if (!(key instanceof ScalarNode scalar) || !key.getTag().equals(Tag.STR)) {
            findings.at(key, "a key must be a text: put it in quotes");
            return;
        }
        NodeTuple before = entries.putIfAbsent(scalar.getValue(), tuple);
        if (before != null) {
            findings.at(
                    key,
                    "this key stands " + Findings.place(before.getKeyNode(), key) + " already: remove one of the two");
        }
    }

    String what() {
        return what;
    }

    Node anchor() {
        return anchor;
    }

    Findings findings() {
        return findings;
    }

    /** All keys, for a mapping whose keys are names. */
    List<Text> names() {
        return entries.entrySet().stream()
                .map(entry -> new Text(entry.getKey(), entry.getValue().getKeyNode()))
                .toList();
    }

    boolean has(String key) {
        known.add(key);
        return entries.containsKey(key);
    }

    /** The node under {@code key}, unless it is absent or empty; the latter is reported. */
    Optional<Node> node(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        Node node = entry(key).getValueNode();
        if (node.getTag().equals(Tag.NULL)) {
            findings.at(node, quoted(key) + " is empty: give it a value, or remove the line");
            return Optional.empty();
        }
        return Optional.of(node);
    }

    /** Reports {@code key} as missing when it is. */
    void require(String key, String whatToWrite) {
        if (!has(key)) {
            findings.at(anchor, what + " needs `" + key + "`: " + whatToWrite);
        }
    }

    Optional<Text> text(String key) {
        return node(key).flatMap(node -> text(node, quoted(key)));
    }

    Optional<Text> requiredText(String key, String whatToWrite) {
        require(key, whatToWrite);
        return text(key);
    }

    /** A list of texts, each once. An absent list is absent, and {@code []} is empty. */
    Optional<List<Text>> texts(String key) {
        return items(key).map(items -> {
            List<Text> texts = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (Node item : items) {
                text(item, "an entry of " + quoted(key)).ifPresent(text -> {
                    if (!seen.add(text.value())) {
                        findings.at(item, "is listed twice in " + quoted(key) + ": remove one");
                    }
                    texts.add(text);
                });
            }
            return texts;
        });
    }

    /** As {@link #texts}, where an empty list would mean nothing. */
    Optional<List<Text>> someTexts(String key, String whatToWrite) {
        Optional<List<Text>> texts = texts(key);
        if (texts.isPresent() && items(key).filter(List::isEmpty).isPresent()) {
            findings.at(entry(key).getValueNode(), quoted(key) + " must not be empty: " + whatToWrite);
        }
        return texts;
    }

    Optional<List<Node>> items(String key) {
        Node node = node(key).orElse(null);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof SequenceNode sequence && node.getTag().equals(Tag.SEQ)) {
            return Optional.of(sequence.getValue());
        }
        findings.at(node, quoted(key) + " must be a list: [one, two]");
        return Optional.empty();
    }

    Optional<Fields> fields(String key, String nestedWhat) {
        return node(key).flatMap(node -> open(new Fields(nestedWhat, key(key), secretive, findings), node));
    }

    /** As {@link #fields}, for a mapping that holds credentials: its unknown keys are not repeated in findings. */
    Optional<Fields> secretFields(String key, String nestedWhat) {
        return node(key).flatMap(node -> open(new Fields(nestedWhat, key(key), true, findings), node));
    }

    /** Where {@code key} itself stands; the mapping's anchor when it is absent. */
    Node key(String key) {
        NodeTuple tuple = entries.get(key);
        return tuple == null ? anchor : tuple.getKeyNode();
    }

    /** Reports the keys that have not been asked for. */
    void done() {
        entries.forEach((name, tuple) -> {
            if (!known.contains(name)) {
                String unknown = secretive ? "unknown key" : "unknown key " + quoted(name);
                String hint = Spelling.hint(name, known);
                String keys = hint.isEmpty() ? "; it knows " + String.join(", ", known) : hint;
                findings.at(tuple.getKeyNode(), unknown + " in " + what + keys);
            }
        });
    }

    /** {@code key} and its value as they stand there. */
    Optional<NodeTuple> tuple(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    private NodeTuple entry(String key) {
        NodeTuple tuple = entries.get(key);
        if (tuple == null) {
            throw new IllegalStateException("asked for the node of an absent key");
        }
        return tuple;
    }

    private Optional<Text> text(Node node, String name) {
        if (!(node instanceof ScalarNode scalar) || node.getTag().equals(Tag.NULL)) {
            findings.at(node, name + " must be a text");
        } else if (!node.getTag().equals(Tag.STR)) {
            findings.at(node, name + " must be a text: put it in quotes");
        } else if (scalar.getValue().isBlank()) {
            findings.at(node, name + " is empty: give it a value, or remove the line");
        } else {
            return Optional.of(new Text(scalar.getValue(), node));
        }
        return Optional.empty();
    }

    private static String quoted(String key) {
        return "`" + key + "`";
    }
}
