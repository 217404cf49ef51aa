package dev.xaabroker.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;

/** The names of one kind that the file declares, clients or servers, and the groups of them. */
final class Names {

    private final String kind;
    private final Map<String, Node> places = new LinkedHashMap<>();
    private final Set<String> single;
    private final Map<String, Set<String>> groups = new LinkedHashMap<>();
    private final Findings findings;

    /**
     * @param kind how to speak of one: {@code client}
     * @param single the keys of its section, whether or not their entries could be read
     */
    Names(String kind, List<Text> single, Findings findings) {
        this.kind = kind;
        single.forEach(name -> places.put(name.value(), name.at()));
        this.single = places.keySet();
        this.findings = findings;
    }

    /** Reads {@code clientGroups} or {@code serverGroups}: lists of names, no groups within groups. */
    void readGroups(Fields section) {
        for (Text group : section.names()) {
            Values.checkName(group, findings);
            Node before = places.get(group.value());
            if (before != null) {
                findings.at(
                        group.at(),
                        "the " + kind + " " + Findings.place(before, group.at())
                                + " has this name already: name the group differently");
            }
            Set<String> members = new LinkedHashSet<>();
            for (Text member : section.someTexts(group.value(), "name a " + kind + ", or remove the group")
                    .orElse(List.of())) {
                if (single.contains(member.value())) {
                    members.add(member.value());
                } else {
                    unknown(member, single, "no " + kind);
                }
            }
            groups.put(group.value(), members);
        }
    }

    /** The members of all that {@code texts} name; names that do not exist are reported, and stand for themselves. */
    Set<String> expand(List<Text> texts) {
        Set<String> expanded = new LinkedHashSet<>();
        for (Text text : texts) {
            Set<String> members = groups.get(text.value());
            if (members != null) {
                expanded.addAll(members);
            } else if (single.contains(text.value())) {
                expanded.add(text.value());
            } else {
                List<String> known = new ArrayList<>(single);
                known.addAll(groups.keySet());
                unknown(text, known, "no " + kind + " or " + kind + " group");
                expanded.add(text.value());
            }
        }
        return expanded;
    }

    boolean declares(String name) {
        return single.contains(name);
    }

    /** Reports {@code text} unless it names one, groups not counted. */
    boolean check(Text text) {
        if (!declares(text.value())) {
            unknown(text, single, "no " + kind);
            return false;
        }
        return true;
    }

    Set<String> all() {
        return single;
    }

    private void unknown(Text text, Collection<String> known, String none) {
        if (!findings.isFull()) {
            String hint = Spelling.hint(text.value(), known);
            findings.at(
                    text.at(),
                    none + " is called `" + text.value() + "`"
                            + (hint.isEmpty() ? ": add it, or correct the name" : hint));
        }
    }
}
