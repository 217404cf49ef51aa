package dev.xaabroker.keys;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;

/**
 * A key file, edited as an operator would: one key more, another one current, one key less. Every edit is checked as the
 * broker would check it, and replaces the file in one step; no key is ever shown.
 *
 * <p>All methods throw IllegalArgumentException or IllegalStateException with a sentence that says what to do.
 */
public final class KeyRingFile {

    private static final Pattern NUMBERED = Pattern.compile("k([0-9]{1,6})");

    private final Path file;

    public KeyRingFile(Path file) {
        this.file = file;
    }

    /** Makes the file (0600), with one random key of each kind. One that is there is left alone: what it sealed needs it. */
    public void create() {
        try {
            if (!KeyFile.create(file, KeyRing.generate())) {
                throw new IllegalStateException(
                        file + " is there already, and stays as it is: add a key to it, or name" + " another file");
            }
        } catch (UncheckedIOException failure) {
            throw new IllegalStateException(failure.getMessage() + ": can its folder be written?", failure);
        }
    }

    /** The id of the key that the file names as current. */
    public String current() {
        return KeyMaterial.parse(KeyFile.read(file)).current;
    }

    /**
     * Adds a random key, which opens and is not current.
     *
     * @param id {@code k2}, {@code k3}, ... when absent
     * @return its id
     */
    public String add(Optional<String> id) {
        String json = KeyFile.read(file);
        KeyMaterial before = KeyMaterial.parse(json);
        String name = id.orElseGet(() -> next(before));
        if (before.keys.containsKey(name)) {
            throw new IllegalArgumentException(file + " has a key " + name + " already: choose another id");
        }
        replace(json, root -> {
            root.put("keys", with(root, name, KeyMaterial.base64(KeyMaterial.randomBytes(new SecureRandom()))));
            return root;
        });
        return name;
    }

    /** Has brokers seal with this key of the file from now on. */
    public void makeCurrent(String id) {
        String json = KeyFile.read(file);
        present(KeyMaterial.parse(json), id);
        replace(json, root -> {
            root.put("current", id);
            return root;
        });
    }

    /** Takes out a key that is not current. Whether records need it is not for the file to say. */
    public void remove(String id) {
        String json = KeyFile.read(file);
        KeyMaterial before = KeyMaterial.parse(json);
        present(before, id);
        if (before.current.equals(id)) {
            throw new IllegalArgumentException("key " + id + " is the current one: make another one current first");
        }
        replace(json, root -> {
            Map<String, Object> keys = new LinkedHashMap<>(keys(root));
            keys.remove(id);
            root.put("keys", keys);
            return root;
        });
    }

    private void present(KeyMaterial material, String id) {
        if (!material.keys.containsKey(id)) {
            throw new IllegalArgumentException(
                    file + " has no key of that id; it has " + String.join(", ", material.keys.keySet()));
        }
    }

    /** Beyond the highest there is: the id of a key that was taken out is not given to another one. */
    private static String next(KeyMaterial material) {
        int highest = material.keys.keySet().stream()
                .map(NUMBERED::matcher)
                .filter(Matcher::matches)
                .mapToInt(number -> Integer.parseInt(number.group(1)))
                .max()
                .orElse(0);
        return "k" + (highest + 1);
    }

    private void replace(String before, UnaryOperator<Map<String, Object>> edit) {
        String after = JsonUtil.toJson(edit.apply(new LinkedHashMap<>(KeyMaterial.object(before))));
        KeyMaterial.parse(after);
        KeyFile.replace(file, before, after);
    }

    private static Map<String, Object> with(Map<String, Object> root, String id, String key) {
        Map<String, Object> keys = new LinkedHashMap<>(keys(root));
        keys.put(id, key);
        return keys;
    }

    @SuppressWarnings("unchecked") // parsed and checked before
    private static Map<String, Object> keys(Map<String, Object> root) {
        return (Map<String, Object>) java.util.Objects.requireNonNull(root.get("keys"));
    }
}
