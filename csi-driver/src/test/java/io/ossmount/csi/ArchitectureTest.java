package io.ossmount.csi;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.ossmount.csi");

  @Test
  void only_rpc_sees_the_csi_stubs() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.ossmount.csi.rpc..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("csi.v1..")
        .check(CLASSES);
  }

  @Test
  void only_cluster_sees_the_kubernetes_client() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.ossmount.csi.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8.kubernetes.client")
        .check(CLASSES);
  }

  @Test
  void volume_holds_values_only() {
    noClasses()
        .that()
        .resideInAPackage("io.ossmount.csi.volume..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.grpc..", "io.ossmount.fuse..", "java.net..")
        .check(CLASSES);
  }

  @Test
  void the_fd_store_sees_neither_kubernetes_nor_grpc() {
    noClasses()
        .that()
        .resideInAPackage("io.ossmount.csi.fdstore..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..", "io.grpc..")
        .check(CLASSES);
  }

  @Test
  void rooms_have_no_circles() {
    slices().matching("io.ossmount.csi.(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
