package io.ossmount.operator.plan;

import java.math.BigInteger;
import java.util.Set;

/**
 * Names of cache pods: the OssMount's and five characters that follow from OssMount and node. The
 * first that no pod has is taken, so that even an operator that sees nothing of what it did before
 * cannot make a second pod for a node, but the one that follows a pod that ends has a name of its
 * own.
 */
final class PodNames {
  // As Kubernetes' own: without vowels there are no words, without 0, 1 and 3 nothing is mistaken.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_CHARS = 5;

  private PodNames() {}

  /**
   * The name of a node's pod.
   *
   * @param taken names of pods that are there
   */
  static String of(String mountName, String mountUid, String node, Set<String> taken) {
    for (int attempt = 0; ; attempt++) {
      var name = mountName + "-" + suffix(mountUid + "/" + node + "/" + attempt);
      if (!taken.contains(name)) {
        return name;
      }
    }
  }

  private static String suffix(String seed) {
    var number = new BigInteger(Hashes.sha256(seed), 16);
    var base = BigInteger.valueOf(ALPHABET.length());
    var suffix = new StringBuilder(SUFFIX_CHARS);
    for (int i = 0; i < SUFFIX_CHARS; i++) {
      var parts = number.divideAndRemainder(base);
      suffix.append(ALPHABET.charAt(parts[1].intValueExact()));
      number = parts[0];
    }
    return suffix.toString();
  }
}
