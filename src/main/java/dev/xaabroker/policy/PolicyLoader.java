package dev.xaabroker.policy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads, checks and compiles a managed-connections file: all of it, or nothing. */
final class PolicyLoader {

    private final UnaryOperator<String> environment;
    private final boolean httpOnLoopback;

    /**
     * @param environment answers an empty string for a variable that is not set
     * @param httpOnLoopback whether plain http is accepted on loopback, for development
     */
    PolicyLoader(UnaryOperator<String> environment, boolean httpOnLoopback) {
        this.environment = environment;
        this.httpOnLoopback = httpOnLoopback;
    }

    boolean acceptsHttpOnLoopback() {
        return httpOnLoopback;
    }

    /**
     * Loads {@code file}.
     *
     * @throws PolicyInvalid when it cannot be read or anything is wrong in it
     */
    Policy load(Path file) {
        String name = file.toString();
        try {
            Path parent = file.toAbsolutePath().getParent();
            return load(name, Files.readString(file), parent == null ? Path.of("/") : parent);
        } catch (NoSuchFileException e) {
            throw unreadable(name, "there is no such file: create it, or correct xaa.policy.file");
        } catch (CharacterCodingException e) {
            throw unreadable(name, "this is not UTF-8 text: save it as UTF-8");
        } catch (IOException e) {
            throw unreadable(
                    name,
                    "cannot be read: check its permissions (" + e.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Loads the text of a file.
     *
     * @param name how to call it in findings
     * @param directory where relative references start
     */
    Policy load(String name, String text, Path directory) {
        Findings findings = new Findings(name);
        Node root = PolicyFile.parse(text, findings);
        References references = new References(directory, environment, findings);
        return new PolicyBinder(references, new Identifiers(httpOnLoopback, findings), findings).bind(root);
    }

    private static PolicyInvalid unreadable(String name, String message) {
        return new PolicyInvalid(List.of(new Finding(name, 1, 1, message)));
    }
}
