package io.ossmount.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsLookupTest {
  private static Secret secret(String... pairs) {
    var builder = new SecretBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      builder.addToData(
          pairs[i],
          Base64.getEncoder().encodeToString(pairs[i + 1].getBytes(StandardCharsets.UTF_8)));
    }
    return builder.build();
  }

  @ParameterizedTest
  @CsvSource({
    "accessKeyId, accessKeySecret, securityToken",
    "fs.oss.accessKeyId, fs.oss.accessKeySecret, fs.oss.securityToken",
    "akId, akSecret, securityToken",
  })
  void allNamesThatAreInUseAreRead(String id, String key, String token) {
    // when
    var lookup = CredentialsLookup.in("s", secret(id, "ID", key, "KEY\n", token, "TOKEN"));

    // then
    assertThat(lookup)
        .isEqualTo(new CredentialsLookup.Found(new Credentials("ID", "KEY", "TOKEN")));
  }

  @Test
  void theSecurityTokenIsOptional() {
    // when
    var lookup = CredentialsLookup.in("s", secret("accessKeyId", "ID", "accessKeySecret", "KEY"));

    // then
    assertThat(lookup).isEqualTo(new CredentialsLookup.Found(new Credentials("ID", "KEY", "")));
  }

  @Test
  void aMissingSecretIsAValue() {
    assertThat(CredentialsLookup.in("s", null)).isEqualTo(new CredentialsLookup.SecretMissing("s"));
  }

  @Test
  void soIsAMissingOrEmptyKey() {
    assertThat(CredentialsLookup.in("s", new Secret()))
        .isEqualTo(new CredentialsLookup.KeyMissing("s", "accessKeyId"));
    assertThat(CredentialsLookup.in("s", secret("akId", "ID", "akSecret", " ")))
        .isEqualTo(new CredentialsLookup.KeyMissing("s", "accessKeySecret"));
  }

  @Test
  void credentialsAreInNoText() {
    // given
    var lookup = CredentialsLookup.in("s", secret("akId", "ID", "akSecret", "KEY"));

    // then
    assertThat(lookup.toString()).doesNotContain("ID").doesNotContain("KEY");
  }
}
