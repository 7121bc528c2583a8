package io.ossmount.chaos.work;

import io.ossmount.chaos.content.Content;
import io.ossmount.chaos.content.Dataset;
import io.ossmount.chaos.work.Event.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Unpacks an archive with {@code tar}, and looks at what came out; deletes most of it some rounds
 * later.
 */
final class TarExtractor implements Workload {
  private static final int FILES = 12;
  private static final int STEP = 5_000;
  private static final int KEPT_ONE_IN = 32;
  private static final int LATER = 3;

  private final Site site;
  private final String top;
  private final Leftovers leftovers = new Leftovers(KEPT_ONE_IN, LATER);
  private long round;

  TarExtractor(Site site) {
    this.site = site;
    this.top = "unpacked-" + site.tag();
  }

  /** A file of the archive. */
  private record Packed(String name, long size) {}

  @Override
  public void step(Probe probe) throws Stopped {
    var file = new WrittenFile(site, probe);
    var directory = top + "/round-" + round++;
    file.top(top);
    file.directory(directory);
    var packed =
        IntStream.range(0, FILES).mapToObj(i -> new Packed("file-" + i, i * (long) STEP)).toList();
    var archive = pack(probe, directory, packed);
    for (var each : packed) {
      tell(probe, Step.INTENDED, directory, each);
    }
    probe.run(
        Operation.TAR,
        directory,
        () ->
            Tar.unpack(
                archive, file.at(directory), names(packed), () -> probe.progress(Operation.TAR)));
    for (var each : packed) {
      tell(probe, Step.ACKNOWLEDGED, directory, each);
    }
    for (var each : packed) {
      file.verify(directory + "/" + each.name(), content(directory, each), each.size());
    }
    var old = leftovers.add(directory);
    if (old.isPresent()) {
      delete(file, old.get(), packed);
    }
  }

  private static void delete(WrittenFile file, String directory, List<Packed> packed)
      throws Stopped {
    for (var each : packed) {
      file.delete(directory + "/" + each.name());
    }
    file.removeDirectory(directory);
  }

  private static List<String> names(List<Packed> files) {
    return files.stream().map(Packed::name).toList();
  }

  private void tell(Probe probe, Step step, String directory, Packed packed) {
    var path = directory + "/" + packed.name();
    probe.change(step, path, content(directory, packed).seed(), packed.size());
  }

  private Content content(String directory, Packed packed) {
    return Content.of(site.data().seed(), directory + "/" + packed.name(), 0);
  }

  /** On the local disk: what fails here is a failure of the machine. */
  private Path pack(Probe probe, String directory, List<Packed> files) throws Stopped {
    try {
      // A tar(1) of workers that were killed may be reading its archive still.
      var mine = site.scratch().resolve(site.tag());
      var place = Files.createDirectories(mine.resolve("tar"));
      for (var each : files) {
        Dataset.write(place.resolve(each.name()), content(directory, each), each.size());
      }
      var archive = mine.resolve("archive.tar");
      Tar.pack(archive, place, names(files));
      return archive;
    } catch (IOException e) {
      throw probe.failed(Operation.TAR, "SCRATCH", e.toString());
    }
  }
}
