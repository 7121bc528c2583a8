package io.ossmount.operator.uninstall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UninstallTest {
  private final FakeInstallation installation = new FakeInstallation();

  @Test
  void volumesStopItBeforeAnythingIsChanged() throws InterruptedException {
    // given
    installation.serving("ml", "data").volumes.add("PersistentVolume pv-1 of the claim ml/data");
    // when
    var ready = installation.uninstall();
    // then
    assertThat(ready).isFalse();
    assertThat(installation.deleting).isEmpty();
    assertThat(installation.told)
        .contains("  PersistentVolume pv-1 of the claim ml/data")
        .anyMatch(line -> line.contains("Delete their pods and claims"))
        .contains("To keep OssMount instead: helm rollback ossmount 3");
  }

  @Test
  void ofManyVolumesSomeAreNamedAndTheOthersCounted() throws InterruptedException {
    // given
    IntStream.range(0, 25).forEach(i -> installation.volumes.add("PersistentVolume pv-" + i));
    // when
    installation.uninstall();
    // then
    assertThat(installation.told).contains("  PersistentVolume pv-19", "  and 5 more");
    assertThat(installation.told).doesNotContain("  PersistentVolume pv-20");
  }

  @Test
  void withoutVolumesOssMountsPodsAndDirectoriesGo() throws InterruptedException {
    // given
    installation.serving("ml", "data").serving("web", "pictures");
    installation.tests.add(new Installation.MountName("ml", "of-data"));
    // when
    var ready = installation.uninstall();
    // then
    assertThat(ready).isTrue();
    assertThat(installation.tests).isEmpty();
    assertThat(installation.told).contains("Delete OssMountTest ml/of-data");
    assertThat(installation.mounts).isEmpty();
    assertThat(installation.pods).isEmpty();
    assertThat(installation.directories).isEmpty();
  }

  @Test
  void anOperatorThatDoesNotAnswerHoldsNothing() throws InterruptedException {
    // given
    installation.serving("ml", "data").operatorWorks = false;
    // when
    var ready = installation.uninstall();
    // then
    assertThat(ready).isTrue();
    assertThat(installation.told).anyMatch(line -> line.contains("operator does not answer"));
  }

  @Test
  void writesThatAreNotUploadedStopItWhetherTheOperatorWorksOrNot() throws InterruptedException {
    // given
    installation.serving("ml", "data").pending.add("2 objects of OssMount ml/data on node gpu-1");
    // when
    var working = installation.uninstall();
    installation.operatorWorks = false;
    var silent = installation.uninstall();
    installation.pending.clear();
    var uploaded = installation.uninstall();
    // then
    assertThat(List.of(working, silent, uploaded)).containsExactly(false, false, true);
    assertThat(installation.told)
        .contains("  2 objects of OssMount ml/data on node gpu-1")
        .anyMatch(line -> line.contains("ossmount.io/forget-pending=NODE"));
  }

  @Test
  void aDirectoryThatStaysIsNamed() throws InterruptedException {
    // given
    installation.serving("ml", "data").nodePluginsWork = false;
    // when
    var ready = installation.uninstall();
    // then
    assertThat(ready).isFalse();
    assertThat(installation.told).contains("  of data");
  }

  @Test
  void nodesThatCannotBeAskedAreNamedAndDoNotStopIt() throws InterruptedException {
    // given
    installation.silent.add("gpu-7");
    // when
    var ready = installation.uninstall();
    // then
    assertThat(ready).isTrue();
    assertThat(installation.told).contains("  gpu-7");
  }
}
