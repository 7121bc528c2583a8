package io.ossmount.chaos.node;

import io.ossmount.chaos.scene.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the server needs to listen for an operator, who never comes: an authority and a key. */
final class Certificates {
  private Certificates() {}

  static void make(Path directory) throws IOException, InterruptedException {
    var key = directory.resolve("tls.key");
    var certificate = directory.resolve("tls.crt");
    Command.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=chaos",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    Files.copy(certificate, directory.resolve("ca.crt"));
  }
}
