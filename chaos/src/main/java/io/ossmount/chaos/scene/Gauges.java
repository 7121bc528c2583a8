package io.ossmount.chaos.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * What a process of the product shows Prometheus. It is found by the ports that it listens at, and
 * asked in its own network.
 *
 * @param text in Prometheus' format
 */
public record Gauges(String text) {
  private static final String LISTENS = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final int HEXADECIMAL = 16;

  /**
   * Those of a process, now.
   *
   * @throws IOException it shows none
   */
  public static Gauges of(long pid) throws IOException, InterruptedException {
    var process = Path.of("/proc", Long.toString(pid));
    for (var port : ports(process)) {
      var answer = ask(pid, port);
      if (answer.contains("ossmount_")) {
        return new Gauges(answer);
      }
    }
    throw new IOException("process " + pid + " shows no metrics");
  }

  /**
   * The value of the one with this name.
   *
   * @throws IOException there is none
   */
  public long value(String name) throws IOException {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> (long) Double.parseDouble(line.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + name + " is shown"));
  }

  private static String ask(long pid, int port) throws InterruptedException {
    try {
      return Command.run(
          "nsenter",
          "--net=/proc/" + pid + "/ns/net",
          "curl",
          "--silent",
          "--fail",
          "--noproxy",
          "*",
          "--max-time",
          "5",
          "http://127.0.0.1:" + port + "/metrics");
    } catch (IOException anotherProtocol) {
      return "";
    }
  }

  private static Set<Integer> ports(Path process) throws IOException {
    var sockets = sockets(process.resolve("fd"));
    var ports = new HashSet<Integer>();
    for (var table : Set.of("net/tcp", "net/tcp6")) {
      for (var line : Files.readAllLines(process.resolve(table))) {
        var words = line.strip().split("\\s+", -1);
        if (words.length > INODE
            && words[STATE].equals(LISTENS)
            && sockets.contains(words[INODE])) {
          var address = words[LOCAL];
          var port = address.substring(address.indexOf(':') + 1);
          ports.add(Integer.parseInt(port, HEXADECIMAL));
        }
      }
    }
    return ports;
  }

  /** Numbers of a process's sockets. */
  private static Set<String> sockets(Path descriptors) throws IOException {
    var sockets = new HashSet<String>();
    try (var entries = Files.newDirectoryStream(descriptors)) {
      for (var entry : entries) {
        try {
          sockets.add(Files.readSymbolicLink(entry).toString().replaceAll("^socket:\\[|]$", ""));
        } catch (NoSuchFileException closedMeanwhile) {
          // It listens at nothing any more.
        }
      }
    }
    return sockets;
  }
}
