package dev.xaabroker.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Every place in a JSON document, each of which can be changed in a copy. */
final class JsonPlaces {

    private JsonPlaces() {}

    /** @param steps keys and indices, from the root */
    record Place(List<String> steps) {

        JsonNode in(JsonNode root) {
            JsonNode at = root;
            for (String step : steps) {
                at = at.isArray() ? at.get(Integer.parseInt(step)) : at.get(step);
            }
            return at;
        }

        /** A copy of {@code root} with {@code value} here. */
        JsonNode replaced(JsonNode root, JsonNode value) {
            JsonNode copy = root.deepCopy();
            switch (parent().in(copy)) {
                case ArrayNode array -> array.set(Integer.parseInt(steps.getLast()), value);
                case ObjectNode object -> object.set(steps.getLast(), value);
                default -> throw new IllegalStateException("no collection");
            }
            return copy;
        }

        /** A copy of {@code root} without what is here. */
        JsonNode removed(JsonNode root) {
            JsonNode copy = root.deepCopy();
            ((ObjectNode) parent().in(copy)).remove(steps.getLast());
            return copy;
        }

        Place parent() {
            return new Place(steps.subList(0, steps.size() - 1));
        }

        /** As {@link PolicySchema#at} takes it. */
        List<String> path(JsonNode root) {
            List<String> path = new ArrayList<>();
            JsonNode at = root;
            for (String step : steps) {
                path.add(at.isArray() ? "[]" : step);
                at = at.isArray() ? at.get(Integer.parseInt(step)) : at.get(step);
            }
            return path;
        }
    }

    /** All places of {@code root}, itself first. */
    static List<Place> of(JsonNode root) {
        List<Place> places = new ArrayList<>();
        collect(root, List.of(), places);
        return places;
    }

    private static void collect(JsonNode node, List<String> steps, List<Place> places) {
        places.add(new Place(steps));
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), with(steps, String.valueOf(i)), places);
            }
        }
        node.properties().forEach(field -> collect(field.getValue(), with(steps, field.getKey()), places));
    }

    private static List<String> with(List<String> steps, String step) {
        List<String> longer = new ArrayList<>(steps);
        longer.add(step);
        return List.copyOf(longer);
    }
}
