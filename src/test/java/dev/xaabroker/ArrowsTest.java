package dev.xaabroker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of the house: one direction, and siblings never see each other (ADR 1). */
class ArrowsTest {

    private static final String ROOT = "dev.xaabroker.";
    /** What faces that only read may open without asking the broker. */
    private static final List<String> OPEN_ROOMS = List.of("policy", "ledger");

    private static final List<String> FACES = List.of("oauth", "signals", "admin", "cli", "upkeep");
    private static final List<String> ROOMS = List.of("policy", "session", "exchange", "state", "ledger");

    private final JavaClasses house = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.xaabroker");

    @Test
    void arrowsPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("faces")
                .definedBy(ROOT + "oauth..", ROOT + "signals..", ROOT + "upkeep..")
                .layer("reading faces")
                .definedBy(ROOT + "admin..", ROOT + "cli..")
                .layer("story")
                .definedBy(ROOT + "broker..")
                .layer("open rooms")
                .definedBy(OPEN_ROOMS.stream().map(room -> ROOT + room + "..").toArray(String[]::new))
                .layer("rooms")
                .definedBy(ROOMS.stream()
                        .filter(room -> !OPEN_ROOMS.contains(room))
                        .map(room -> ROOT + room + "..")
                        .toArray(String[]::new))
                .layer("ground")
                .definedBy(ROOT + "keys..", ROOT + "outbound..")
                .layer("vocabulary")
                .definedBy(ROOT + "grant..")
                .whereLayer("faces")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("reading faces")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("story")
                .mayOnlyBeAccessedByLayers("faces", "reading faces")
                .whereLayer("open rooms")
                .mayOnlyBeAccessedByLayers("story", "reading faces")
                .whereLayer("rooms")
                .mayOnlyBeAccessedByLayers("story")
                .check(house);
    }

    @Test
    void facesNeverSeeEachOther() {
        for (String face : FACES) {
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + face + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(FACES.stream()
                            .filter(other -> !other.equals(face))
                            .map(other -> ROOT + other + "..")
                            .toArray(String[]::new))
                    .check(house);
        }
    }

    @Test
    void siblingsNeverSeeEachOther() {
        for (String room : ROOMS) {
            String[] others = ROOMS.stream()
                    .filter(other -> !other.equals(room))
                    .map(other -> ROOT + other + "..")
                    .toArray(String[]::new);
            ArchRule rule = noClasses()
                    .that()
                    .resideInAPackage(ROOT + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others);
            rule.check(house);
        }
        noClasses()
                .that()
                .resideInAPackage(ROOT + "keys..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "outbound..")
                .check(house);
    }

    @Test
    void theVocabularyIsPlainJava() {
        classes()
                .that()
                .resideInAPackage(ROOT + "grant..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", ROOT + "grant..")
                .check(house);
    }

    @Test
    void theRootIsWiringThatNobodyNeeds() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "(*)..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.xaabroker")
                .check(house);
    }

    @Test
    void entitiesStayInTheirRoom() {
        classes()
                .that()
                .areAnnotatedWith(jakarta.persistence.Entity.class)
                .should()
                .notBePublic()
                .check(house);
    }

    @Test
    void nobodyButExchangeTouchesTheWire() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "exchange..", ROOT + "outbound..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "outbound..")
                .check(house);
    }
}
