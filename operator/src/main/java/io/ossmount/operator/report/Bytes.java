package io.ossmount.operator.report;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Numbers of bytes as people read them: 412Gi, 1.5Gi, 64Mi, 0. */
final class Bytes {
  private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final BigDecimal STEP = BigDecimal.valueOf(1024);
  private static final BigDecimal TEN = BigDecimal.TEN;

  private Bytes() {}

  /** A quantity of two or more digits, rounded. */
  static Quantity quantity(long bytes) {
    var amount = BigDecimal.valueOf(Math.max(0, bytes));
    int unit = 0;
    while (amount.compareTo(STEP) >= 0) {
      amount = amount.divide(STEP);
      unit++;
    }
    var rounded = amount.setScale(amount.compareTo(TEN) < 0 ? 1 : 0, RoundingMode.HALF_UP);
    return new Quantity(rounded.stripTrailingZeros().toPlainString(), UNITS.get(unit));
  }
}
