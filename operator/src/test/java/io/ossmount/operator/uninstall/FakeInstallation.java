package io.ossmount.operator.uninstall;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** An installation in memory, whose operator and node plugins work or do not. */
final class FakeInstallation implements Installation, Patience {
  final List<String> volumes = new ArrayList<>();
  final List<MountName> mounts = new ArrayList<>();
  final List<MountName> deleting = new ArrayList<>();
  final List<MountName> tests = new ArrayList<>();
  final List<String> pods = new ArrayList<>();
  final List<String> directories = new ArrayList<>();
  final List<String> pending = new ArrayList<>();
  final List<String> silent = new ArrayList<>();
  final List<String> told = new ArrayList<>();
  boolean operatorWorks = true;
  boolean nodePluginsWork = true;

  /** Makes an OssMount with a cache pod and a directory. */
  FakeInstallation serving(String namespace, String name) {
    mounts.add(new MountName(namespace, name));
    pods.add(namespace + "/" + name + "-abcde");
    directories.add("of " + name);
    return this;
  }

  boolean uninstall() throws InterruptedException {
    return new Uninstall(this, this, "helm rollback ossmount 3", told::add).run();
  }

  /** Time passes: those who work do their work once. */
  @Override
  public boolean until(BooleanSupplier claim, Duration limit) {
    if (operatorWorks && pending.isEmpty()) {
      mounts.removeAll(deleting);
    }
    if (mounts.isEmpty()) {
      pods.clear();
    }
    if (pods.isEmpty() && nodePluginsWork) {
      directories.clear();
    }
    return claim.getAsBoolean();
  }

  @Override
  public List<String> volumes() {
    return List.copyOf(volumes);
  }

  @Override
  public List<MountName> ossMounts() {
    return List.copyOf(mounts);
  }

  @Override
  public void delete(MountName mount) {
    deleting.add(mount);
  }

  @Override
  public List<MountName> ossMountTests() {
    return List.copyOf(tests);
  }

  @Override
  public void deleteTest(MountName test) {
    tests.remove(test);
  }

  @Override
  public List<String> pendingWrites() {
    return List.copyOf(pending);
  }

  @Override
  public void release(MountName mount) {
    mounts.remove(mount);
  }

  @Override
  public List<String> cachePods() {
    return List.copyOf(pods);
  }

  @Override
  public List<String> nodeDirectories() {
    return List.copyOf(directories);
  }

  @Override
  public List<String> silentNodes() {
    return List.copyOf(silent);
  }
}
