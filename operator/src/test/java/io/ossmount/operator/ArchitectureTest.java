package io.ossmount.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The floors between the rooms. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ossmount.operator");

  @Test
  void plansAndRenderingsKnowNoClient() {
    noClasses()
        .that()
        .resideInAnyPackage("..operator.plan", "..operator.render")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8.kubernetes.client",
            "io.fabric8.kubernetes.client.dsl..",
            "io.javaoperatorsdk..")
        .check(CLASSES);
  }

  @Test
  void plansKnowNoKubernetesAtAll() {
    noClasses()
        .that()
        .resideInAPackage("..operator.plan")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..")
        .check(CLASSES);
  }

  @Test
  void onlyTheControlRoomTalksToCachePods() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..operator.control")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "io.ossmount.proto.control..")
        .check(CLASSES);
  }

  @Test
  void onlyTheTlsRoomMakesCertificates() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..operator.tls")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bouncycastle..")
        .check(CLASSES);
  }

  @Test
  void onlyJosdkSeesTheReconciler() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "..operator.plan",
            "..operator.render",
            "..operator.apply",
            "..operator.report",
            "..operator.tls",
            "..operator.control",
            "..operator.dashboard..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.javaoperatorsdk..")
        .check(CLASSES);
  }

  @Test
  void pagesKnowNoClientAndNoServer() {
    noClasses()
        .that()
        .resideInAPackage("..operator.dashboard.page")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.fabric8.kubernetes.client",
            "io.fabric8.kubernetes.client.dsl..",
            "com.sun.net.httpserver..",
            "..operator.dashboard.server",
            "..operator.dashboard.access",
            "..operator.dashboard.source")
        .check(CLASSES);
  }

  @Test
  void noPartOfTheDashboardGoesInCircles() {
    slices()
        .matching("io.ossmount.operator.dashboard.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void noRoomsGoInCircles() {
    slices().matching("io.ossmount.operator.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
