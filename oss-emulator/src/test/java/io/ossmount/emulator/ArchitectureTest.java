package io.ossmount.emulator;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "io.ossmount.emulator";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void roomsStandOnlyOnThoseBelow() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("main")
        .definedBy(ROOT)
        .layer("admin")
        .definedBy(ROOT + ".admin")
        .layer("protocol")
        .definedBy(ROOT + ".protocol")
        .layer("log")
        .definedBy(ROOT + ".log")
        .layer("fault")
        .definedBy(ROOT + ".fault")
        .layer("store")
        .definedBy(ROOT + ".store")
        .layer("auth")
        .definedBy(ROOT + ".auth")
        .layer("http")
        .definedBy(ROOT + ".http")
        .layer("api")
        .definedBy(ROOT + ".api")
        .whereLayer("main")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("admin")
        .mayOnlyBeAccessedByLayers("main")
        .whereLayer("protocol")
        .mayOnlyBeAccessedByLayers("main")
        .whereLayer("log")
        .mayOnlyBeAccessedByLayers("main", "admin", "protocol")
        .whereLayer("fault")
        .mayOnlyBeAccessedByLayers("main", "admin", "protocol")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("main", "protocol")
        .whereLayer("auth")
        .mayOnlyBeAccessedByLayers("main", "admin", "protocol")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("main", "admin", "protocol", "auth")
        .whereLayer("api")
        .mayOnlyBeAccessedByLayers("main", "admin", "protocol", "log", "fault", "store", "auth")
        .check(CLASSES);
  }

  @Test
  void roomsFormNoCircles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theEmulatorUsesNoClientOfOss() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.aliyun..", "com.sun..")
        .check(CLASSES);
  }
}
