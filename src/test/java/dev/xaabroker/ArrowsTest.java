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
    private static final List<String> ROOMS = List.of("policy", "session", "exchange", "state", "ledger");

    /** Rooms that the faces of IT read directly: there is no story to tell about a file or a ledger line. */
    private static final List<String> OPEN_TO_READERS = List.of("policy", "ledger");

    private final JavaClasses house = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.xaabroker");

    @Test
    void arrowsPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("faces")
                .definedBy(ROOT + "oauth..", ROOT + "cli..")
                .layer("story")
                .definedBy(ROOT + "broker..")
                .layer("rooms")
                .definedBy(ROOMS.stream()
                        .filter(room -> !OPEN_TO_READERS.contains(room))
                        .map(room -> ROOT + room + "..")
                        .toArray(String[]::new))
                .layer("ground")
                .definedBy(ROOT + "keys..", ROOT + "outbound..")
                .layer("vocabulary")
                .definedBy(ROOT + "grant..")
                .whereLayer("faces")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("story")
                .mayOnlyBeAccessedByLayers("faces")
                .whereLayer("rooms")
                .mayOnlyBeAccessedByLayers("story")
                .check(house);
    }

    @Test
    void onlyTheStoryAndTheFacesOfItReadPolicyAndLedger() {
        for (String room : OPEN_TO_READERS) {
            noClasses()
                    .that()
                    .resideOutsideOfPackages(ROOT + room + "..", ROOT + "broker..", ROOT + "cli..", ROOT + "admin..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(ROOT + room + "..")
                    .check(house);
        }
    }

    @Test
    void facesNeverSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "oauth..", ROOT + "admin..")
                .check(house);
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
