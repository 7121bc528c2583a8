package io.ossmount.images;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProductTest {
  @ParameterizedTest
  @EnumSource
  void aProductIsFoundByTheNameOfItsModule(Product product) {
    assertThat(Product.ofModule(product.module())).isEqualTo(product);
  }

  @ParameterizedTest
  @EnumSource
  void aJvmWithoutHeapEnds(Product product) {
    assertThat(product.jvmOptions()).contains("-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void onlyTheCacheHasASupervisor() {
    assertThat(Product.values()).filteredOn(Product::isSupervised).containsExactly(Product.CACHE);
  }

  @Test
  void onlyTheCacheHasVirtualThreadsThatOutlastASlowDisk() {
    assertThat(Product.values())
        .filteredOn(
            product -> product.jvmOptions().contains("-Djdk.virtualThreadScheduler.parallelism=8"))
        .containsExactly(Product.CACHE);
  }

  @Test
  void onlyTheDriverIsRoot() {
    assertThat(Product.values())
        .filteredOn(product -> product.user() == Product.User.ROOT)
        .containsExactly(Product.CSI_DRIVER);
  }
}
