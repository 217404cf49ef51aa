package dev.xaabroker.exchange;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.xaabroker.Rules;
import org.junit.jupiter.api.Test;

class OpaqueTokenTest {

    @Test
    @Rules({"E9"})
    void nothingThatHoldsAnUpstreamTokenCanDecodeOne() {
        JavaClasses leg2 = new ClassFileImporter()
                .importClasses(HttpResourceAuthorizationServer.class, RedeemedAnswer.class, Revocation.class);

        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.xaabroker.keys..", "org.jose4j..", "io.smallrye.jwt..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Base64")
                .check(leg2);
    }
}
