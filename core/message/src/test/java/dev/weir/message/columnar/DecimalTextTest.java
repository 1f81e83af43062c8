package dev.weir.message.columnar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// What is read comes out again to the byte, in every style that was found for it.
final class DecimalTextTest {
  private final DecimalText decimal = new DecimalText();

  @Test
  void findsTheStylesOfATextAndWritesItAgain() {
    int all = DecimalText.FIXED | DecimalText.SHORT | DecimalText.GO;
    int exact = DecimalText.FIXED | DecimalText.SHORT;
    int java = DecimalText.JAVA;

    assertStyles("0", all);
    assertStyles("-17", all);
    assertStyles("123456", all);
    assertStyles("1234567", exact);
    assertStyles("0.5", all | java);
    assertStyles("-0.0001", all);
    assertStyles("0.00001", exact);
    assertStyles("0.50", DecimalText.FIXED);
    assertStyles("0.0", DecimalText.FIXED | java);
    assertStyles("100.0", DecimalText.FIXED | java);
    assertStyles("1e+06", DecimalText.GO);
    assertStyles("-1.25e-07", DecimalText.GO);
    assertStyles("1.5e+123", DecimalText.GO);
    assertStyles("1.0E7", java);
    assertStyles("-1.25E-10", java);
    assertStyles("999999999999999999", exact);
  }

  @Test
  void keepsWhatItCouldNotWriteAgain() {
    for (String text :
        new String[] {
          "",
          "-",
          "NaN",
          "+Inf",
          "-0",
          "-0.0",
          "01",
          "00",
          ".5",
          "5.",
          "+5",
          "1e5",
          "1e+05",
          "1.50e+07",
          "1e+6",
          "1e+006",
          "1E7",
          "1.50E7",
          "1.0E07",
          "1.0E+7",
          "1.0E6",
          "10e+06",
          "0e+06",
          "0.0E9",
          "1e",
          "1.e+06",
          "1.2.3",
          "1 ",
          "0x10",
          "1e+1000",
          "1000000000000000000"
        }) {
      assertStyles(text, 0);
    }
  }

  @Test
  void writesWhatJavaWrites() {
    RandomGenerator random = Seeds.random("DecimalTextTest");

    for (int i = 0; i < 20_000; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(-12, 16));
      String text = Double.toString(i % 2 == 0 ? value : Math.rint(value * 100) / 100);
      if (!text.equals("-0.0") && Math.abs(value) > 1e-12) {
        assertThat(styles(text) & DecimalText.JAVA).as(text).isNotZero();
      }
    }
  }

  private void assertStyles(String text, int expected) {
    assertThat(styles(text)).as(text).isEqualTo(expected);
  }

  private int styles(String text) {
    byte[] bytes = ("x" + text).getBytes(StandardCharsets.UTF_8);
    decimal.parse(bytes, 1, bytes.length);
    int styles = decimal.styles;
    for (int style = 1; style <= DecimalText.JAVA; style *= 2) {
      if ((styles & style) != 0) {
        assertWritten(text, style);
      }
    }
    return styles;
  }

  /// With as many digits as the text has, and with one more where the style leaves zeros out.
  private void assertWritten(String text, int style) {
    int least = Math.max(0, decimal.decimals);
    int most = style == DecimalText.FIXED ? least : least + 1;
    for (int scale = least; scale <= most && scale <= DecimalText.MAX_SCALE; scale++) {
      int shift = scale - decimal.decimals;
      boolean fits =
          shift <= DecimalText.MAX_DIGITS
              && Math.abs(decimal.mantissa) < DecimalText.POWERS[DecimalText.MAX_DIGITS - shift];
      if (fits) {
        byte[] target = new byte[DecimalText.MAX_LENGTH];
        long number = decimal.mantissa * DecimalText.POWERS[shift];
        int end = decimal.write(number, scale, style, target, 0);
        assertThat(new String(target, 0, end, StandardCharsets.UTF_8)).isEqualTo(text);
      }
    }
  }
}
