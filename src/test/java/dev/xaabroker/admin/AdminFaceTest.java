package dev.xaabroker.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What holds for every method of the face, those that come later included. */
class AdminFaceTest {

    private final JavaClasses face = new ClassFileImporter().importPackages("dev.xaabroker.admin");

    /** By {@code get /admin/policy/history}. */
    private Map<String, Method> endpoints() {
        Map<String, Method> found = new TreeMap<>();
        for (JavaMethod code :
                face.stream().flatMap(type -> type.getMethods().stream()).toList()) {
            Method method = code.reflect();
            Path type = method.getDeclaringClass().getAnnotation(Path.class);
            for (Annotation annotation : method.getAnnotations()) {
                HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
                if (http != null && type != null) {
                    Path own = method.getAnnotation(Path.class);
                    found.put(
                            http.value().toLowerCase(Locale.ROOT) + " " + type.value()
                                    + (own == null ? "" : "/" + own.value()),
                            method);
                }
            }
        }
        return found;
    }

    @Test
    void everyMethodNamesItsRolesAndLiesUnderAdmin() {
        assertThat(endpoints()).hasSizeGreaterThanOrEqualTo(4).allSatisfy((name, method) -> {
            assertThat(name).matches("[a-z]+ /admin/.+");
            RolesAllowed roles = method.getAnnotation(RolesAllowed.class);
            assertThat(roles).as(name).isNotNull();
            assertThat(Role.ALL).as(name).containsAll(Arrays.asList(roles.value()));
            assertThat(roles.value()).as(name).isNotEmpty();
        });
    }

    @Test
    @SuppressWarnings("unchecked")
    void theDocumentSaysWhatThereIsAndHowItFails() throws IOException {
        Map<String, Object> document = (Map<String, Object>) new Load(
                        LoadSettings.builder().build())
                .loadFromString(Files.readString(java.nio.file.Path.of("src/main/resources/META-INF/openapi.yaml")));
        Map<String, Map<String, Map<String, Object>>> paths =
                (Map<String, Map<String, Map<String, Object>>>) document.get("paths");

        Map<String, Map<?, ?>> operations = new TreeMap<>();
        paths.forEach((path, methods) -> methods.forEach(
                (method, operation) -> operations.put(method + " " + path, (Map<?, ?>) operation.get("responses"))));
        Map<?, ?> token = operations.remove("post /oauth2/token");

        assertThat(List.of("200", "400", "401", "405", "429", "502", "503")).allMatch(token::containsKey);
        assertThat(operations.keySet()).isEqualTo(endpoints().keySet());
        assertThat(operations)
                .allSatisfy((name, responses) -> assertThat(List.of("200", "400", "401", "403", "405", "406", "503"))
                        .as(name)
                        .allMatch(responses::containsKey));
    }
}
