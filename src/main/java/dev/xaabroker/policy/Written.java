package dev.xaabroker.policy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** How a policy is written: where each entry and rule stands, and what compiling it leaves behind. */
final class Written {

    /** An entry or a rule and its place. */
    record Entry(String file, Node anchor, Map<String, Node> fields) {

        int line() {
            return anchor.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        }

        int column() {
            return anchor.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
        }

        Optional<String> text(String key) {
            return Optional.ofNullable(fields.get(key))
                    .filter(ScalarNode.class::isInstance)
                    .map(node -> ((ScalarNode) node).getValue());
        }

        /** The values of a list of names; a single one stands for a list of one. */
        List<String> texts(String key) {
            return values(fields.get(key));
        }
    }

    private final Map<String, Map<String, Entry>> sections = new LinkedHashMap<>();
    private final List<String> files = new ArrayList<>();
    private int tests;
    private boolean owned;

    private Written() {}

    static Written in(Path fileOrDirectory) {
        Written written = new Written();
        Findings findings = new Findings(fileOrDirectory.toString());
        PolicyFile parser = new PolicyFile(findings);
        for (PolicySources.Source source :
                PolicySources.at(fileOrDirectory, new Footprint()).files()) {
            written.files.add(source.name());
            parser.parse(source.name(), source.text()).ifPresent(root -> written.read(source.name(), fields(root)));
        }
        findings.throwIfAny();
        return written;
    }

    private void read(String file, Map<String, Node> root) {
        for (String section : List.of("identityProviders", "clients", "servers", "clientGroups", "serverGroups")) {
            named(file, section, root.get(section));
        }
        listed(file, "connections", root.get("connections"));
        listed(file, "deny", root.get("deny"));
        tests +=
                root.get("tests") instanceof SequenceNode list ? list.getValue().size() : 0;
        owned |= fields(root.get("metadata")).containsKey("owner");
    }

    private void named(String file, String section, @Nullable Node node) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    Node value = tuple.getValueNode();
                    Map<String, Node> fields = value instanceof MappingNode ? fields(value) : Map.of("members", value);
                    section(section).put(key.getValue(), new Entry(file, key, fields));
                }
            }
        }
    }

    private void listed(String file, String section, @Nullable Node node) {
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                Map<String, Node> fields = fields(item);
                if (fields.get("id") instanceof ScalarNode id) {
                    section(section).put(id.getValue(), new Entry(file, id, fields));
                }
            }
        }
    }

    private static Map<String, Node> fields(@Nullable Node node) {
        Map<String, Node> fields = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    fields.put(key.getValue(), tuple.getValueNode());
                }
            }
        }
        return fields;
    }

    private static List<String> values(@Nullable Node node) {
        if (node instanceof SequenceNode list) {
            return list.getValue().stream()
                    .filter(ScalarNode.class::isInstance)
                    .map(item -> ((ScalarNode) item).getValue())
                    .toList();
        }
        return node instanceof ScalarNode scalar ? List.of(scalar.getValue()) : List.of();
    }

    Map<String, Entry> section(String name) {
        return sections.computeIfAbsent(name, section -> new LinkedHashMap<>());
    }

    /** All names that rules give under {@code key}, groups not followed. */
    Set<String> namedByRules(String key) {
        Set<String> names = new TreeSet<>();
        Stream.of("connections", "deny")
                .flatMap(section -> section(section).values().stream())
                .forEach(rule -> names.addAll(rule.texts(key)));
        return names;
    }

    String firstFile() {
        return files.isEmpty() ? "" : files.getFirst();
    }

    boolean hasTests() {
        return tests > 0;
    }

    /** Whether {@code metadata.owner} answers for what nobody else owns. */
    boolean hasOwner() {
        return owned;
    }
}
