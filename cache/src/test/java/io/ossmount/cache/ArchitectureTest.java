package io.ossmount.cache;

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
          .importPackages("io.ossmount.cache");

  @Test
  void only_the_oss_store_sees_the_sdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cache.store.oss")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.aliyun..", "org.apache.http..")
        .check(CLASSES);
  }

  @Test
  void nobody_but_the_wiring_knows_which_store_it_is() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.ossmount.cache", "..cache.store.oss")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..cache.store.oss")
        .check(CLASSES);
  }

  @Test
  void objects_know_nothing_of_blocks_and_files() {
    noClasses()
        .that()
        .resideInAPackage("..cache.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..cache.block..",
            "..cache.write..",
            "..cache.fs..",
            "..cache.serve..",
            "..cache.control..",
            "io.ossmount.fuse..")
        .check(CLASSES);
  }

  @Test
  void blocks_know_nothing_of_files() {
    noClasses()
        .that()
        .resideInAPackage("..cache.block..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "..cache.config..",
            "..cache.write..",
            "..cache.fs..",
            "..cache.serve..",
            "..cache.control..",
            "io.ossmount.fuse..",
            "io.ossmount.proto..")
        .check(CLASSES);
  }

  @Test
  void only_the_control_room_speaks_grpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cache.control")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "io.netty..", "io.ossmount.proto.control..")
        .check(CLASSES);
  }

  @Test
  void only_the_serving_room_speaks_with_the_plugin() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cache.serve")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.ossmount.proto.session..")
        .check(CLASSES);
  }

  @Test
  void only_the_configuration_room_reads_mount_json() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cache.config")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.ossmount.proto.config..")
        .check(CLASSES);
  }

  @Test
  void only_the_metrics_room_knows_micrometer_and_only_the_wiring_knows_that_room() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..cache.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.ossmount.cache", "..cache.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..cache.metrics")
        .check(CLASSES);
  }

  @Test
  void rooms_make_no_circles() {
    slices().matching("io.ossmount.cache.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
