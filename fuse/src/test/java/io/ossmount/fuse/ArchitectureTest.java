package io.ossmount.fuse;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import org.junit.jupiter.api.Test;

/** The floors of this module. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ossmount.fuse");

  @Test
  void the_protocol_knows_only_the_jdk_and_the_file_system() {
    classes()
        .that()
        .resideInAPackage("io.ossmount.fuse.protocol")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "io.ossmount.fuse",
            "io.ossmount.fuse.protocol",
            "org.slf4j",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void one_class_makes_downcalls() {
    noClasses()
        .that()
        .haveNameNotMatching("io\\.ossmount\\.fuse\\.kernel\\.Downcall(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Linker.class)
        .check(CLASSES);
  }

  @Test
  void the_kernel_is_asked_without_knowing_the_protocol() {
    noClasses()
        .that()
        .resideInAPackage("io.ossmount.fuse.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.ossmount.fuse.protocol", "io.ossmount.fuse.server")
        .check(CLASSES);
  }

  @Test
  void packages_have_no_circles() {
    slices().matching("io.ossmount.(**)").should().beFreeOfCycles().check(CLASSES);
  }
}
