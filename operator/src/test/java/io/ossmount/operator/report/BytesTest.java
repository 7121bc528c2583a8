package io.ossmount.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, 0",
    "1023, 1023",
    "1024, 1Ki",
    "67108864, 64Mi",
    "67119000, 64Mi",
    "1610612736, 1.5Gi",
    "442381631488, 412Gi",
    "1099511627776, 1Ti",
    "9223372036854775807, 8Ei",
  })
  void areWrittenAsPeopleReadThem(long bytes, String text) {
    assertThat(Bytes.quantity(bytes).toString()).isEqualTo(text);
    assertThat(Quantity.parse(Bytes.quantity(bytes).toString())).isEqualTo(Bytes.quantity(bytes));
  }
}
