package io.ossmount.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dialect of Amazon S3, by a client that nobody here wrote: curl, which can sign so. */
class S3IT extends SingleEmulator {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  private String curl(String... arguments) throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--show-error",
                "--max-time",
                "20",
                "--noproxy",
                "*",
                "--aws-sigv4",
                "aws:amz:us-east-1:s3",
                "--header",
                "x-amz-content-sha256: UNSIGNED-PAYLOAD"));
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private String signed(String path, String... more) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of(
            "--user",
            SdkClients.ID + ":" + SdkClients.SECRET,
            emulator.endpoint() + "/" + BUCKET + path));
    return curl(arguments.toArray(String[]::new));
  }

  @Test
  void whatOneDialectWritesTheOtherReads() throws Exception {
    Path file = Files.write(directory.resolve("body"), HELLO);
    signed("/a/b", "--upload-file", file.toString(), "--header", "x-amz-meta-colour: blue");
    assertThat(get(oss, "a/b")).isEqualTo(HELLO);
    assertThat(oss.getObjectMetadata(BUCKET, "a/b").getUserMetadata())
        .containsEntry("colour", "blue");

    assertThat(signed("/a/b", "--head"))
        .startsWith("HTTP/1.1 200")
        .contains("x-amz-meta-colour: blue")
        .doesNotContain("x-oss-");
    assertThat(signed("/a/b", "--range", "1-3")).isEqualTo("ell");
  }

  @Test
  void aListingIsWhatS3ClientsExpect() throws Exception {
    put("a/b", HELLO);
    put("c", HELLO);
    assertThat(signed("/?delimiter=%2F&list-type=2&max-keys=1000"))
        .contains("<KeyCount>2</KeyCount>", "<Key>c</Key>", "<Prefix>a/</Prefix>");
    assertThat(signed("?max-keys=1")).contains("<IsTruncated>true</IsTruncated>");
  }

  @Test
  void aCopyTakesItsSourceAndMetadataFromTheDialectsHeaders() throws Exception {
    put("source", HELLO);
    signed(
        "/copy",
        "--request",
        "PUT",
        "--header",
        "x-amz-copy-source: /" + BUCKET + "/source",
        "--header",
        "x-amz-metadata-directive: REPLACE",
        "--header",
        "x-amz-meta-colour: red");
    assertThat(get(oss, "copy")).isEqualTo(HELLO);
    assertThat(oss.getObjectMetadata(BUCKET, "copy").getUserMetadata())
        .containsEntry("colour", "red");
  }

  @Test
  void aWrongSecretIsRefused() throws Exception {
    put("a", HELLO);
    String url = emulator.endpoint() + "/" + BUCKET + "/a";
    assertThat(curl("--user", SdkClients.ID + ":wrong", url)).contains("SignatureDoesNotMatch");
    assertThat(curl("--user", "nobody:wrong", url)).contains("InvalidAccessKeyId");
  }
}
