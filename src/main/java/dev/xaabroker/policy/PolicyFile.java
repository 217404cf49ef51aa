package dev.xaabroker.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Text to YAML nodes that know their line and column (YAML 1.2); nothing is given a meaning yet. */
final class PolicyFile {

    private static final int MAX_CODE_POINTS = 32 * 1024 * 1024;
    private static final int MAX_ALIASES = 50;
    /** Nodes once aliases are followed: 10,000 connections with their tests need a third of it. */
    private static final int MAX_NODES = 1_000_000;

    private static final int MAX_DEPTH = 32;
    private static final String TOO_DEEP = "nested too deeply: a policy needs no more than " + MAX_DEPTH + " levels";

    /** Words of the library by which to know a problem, and what to say instead; the first that fits. */
    private static final List<Map.Entry<String, String>> KNOWN_PROBLEMS = List.of(
            Map.entry("alias", "an alias (*name) without its anchor; a text that begins with * needs quotes"),
            Map.entry(
                    "another document",
                    "a second document: remove the line ---, or cut it into two files of a directory"),
            Map.entry("mapping values are not allowed", "a second colon: a text that holds `: ` needs quotes"),
            Map.entry("unexpected end of stream", "the end comes too early: is a quote not closed?"),
            Map.entry("<block end>", "this line does not fit to the lines above: check its indentation"));

    private final Findings findings;
    private int nodes;

    /** One for all files of a policy: the bounds hold for them together. */
    PolicyFile(Findings findings) {
        this.findings = findings;
    }

    /** The root node of the one document in {@code text}, unless it is not well-formed, which is reported. */
    Optional<Node> parse(String file, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                // all at once: snakeyaml-engine 3.0.1 fails on a surrogate pair that its buffer would cut
                .setBufferSize(text.length() + 2)
                .setUseMarks(true)
                .setCodePointLimit(MAX_CODE_POINTS)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowNonScalarKeys(true) // so that it is us who say what is wrong with one
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                findings.at(file, 1, 1, "the file is empty: start with `apiVersion: xaa/v1`");
            }
            return root.filter(node -> isBounded(node, 0));
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            findings.at(
                    file,
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "not well-formed YAML: " + problem(e.getProblem()));
        } catch (ReaderException e) {
            String before = text.substring(0, Math.min(e.getPosition(), text.length()));
            findings.at(
                    file,
                    (int) before.chars().filter(c -> c == '\n').count() + 1,
                    before.length() - before.lastIndexOf('\n'),
                    "a control character that YAML does not allow: remove it");
        } catch (YamlVersionException e) {
            findings.at(file, 1, 1, "another version of YAML than 1.2: remove the line that begins with %YAML");
        } catch (YamlEngineException e) {
            findings.at(
                    file,
                    1,
                    1,
                    "too large, or more than " + MAX_ALIASES + " aliases of collections: write them out, or cut the"
                            + " file into a directory of files");
        } catch (StackOverflowError e) {
            findings.at(file, 1, 1, TOO_DEEP);
        }
        return Optional.empty();
    }

    /** Bounds what the rest of the loader walks, so that a few nested aliases cannot become a billion nodes. */
    private boolean isBounded(Node node, int depth) {
        nodes++;
        if (nodes > MAX_NODES) {
            findings.at(node, "too large once aliases are followed: use fewer aliases");
            return false;
        }
        if (depth > MAX_DEPTH) {
            findings.at(node, TOO_DEEP);
            return false;
        }
        return switch (node) {
            case MappingNode mapping -> {
                for (NodeTuple tuple : mapping.getValue()) {
                    if (!isBounded(tuple.getKeyNode(), depth + 1) || !isBounded(tuple.getValueNode(), depth + 1)) {
                        yield false;
                    }
                }
                yield true;
            }
            case SequenceNode sequence -> {
                for (Node item : sequence.getValue()) {
                    if (!isBounded(item, depth + 1)) {
                        yield false;
                    }
                }
                yield true;
            }
            default -> true;
        };
    }

    /**
     * The library's own words, and what usually lies behind them; not where they repeat what stands in the file, for that
     * may be a secret.
     */
    private static String problem(String words) {
        for (Map.Entry<String, String> known : KNOWN_PROBLEMS) {
            if (words.contains(known.getKey())) {
                return known.getValue();
            }
        }
        boolean repeatsTheFile = Stream.of("tag", "anchor", "directive", "version", "escape")
                .anyMatch(words.toLowerCase(Locale.ROOT)::contains);
        return repeatsTheFile
                ? "a tag, anchor, directive or escape that cannot be read; put the text in quotes"
                : words;
    }
}
