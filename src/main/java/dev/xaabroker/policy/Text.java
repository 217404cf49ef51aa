package dev.xaabroker.policy;

import org.snakeyaml.engine.v2.nodes.Node;

/** A text of the file and where it stands. It may be a secret that was pasted by mistake, so it is not printed. */
record Text(String value, Node at) {

    @Override
    public String toString() {
        return "Text[hidden]";
    }
}
