package io.ossmount.operator.render;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.ossmount.operator.observe.MountIdentity;
import io.ossmount.operator.observe.MountSecretContent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The Secret that the cache pods of an OssMount mount at {@code /etc/ossmount}. */
public final class MountSecret {
  private MountSecret() {}

  /** The Secret with this content. */
  public static Secret of(MountIdentity mount, MountSecretContent content) {
    return new SecretBuilder()
        .withMetadata(Ownership.metadata(mount, mount.secretName()))
        .withType("Opaque")
        .addToData(MountSecretContent.CA_CRT, encode(content.authority()))
        .addToData(MountSecretContent.MOUNT_JSON, encode(content.mountJson()))
        .addToData(MountSecretContent.TLS_CRT, encode(content.server().certificate()))
        .addToData(MountSecretContent.TLS_KEY, encode(content.server().key()))
        .build();
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
