package dev.weir.bench.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.bench.data.DataPool;
import dev.weir.bench.data.DataSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of a far end that holds other than what was sent.
final class BodyCountTest {
  private static final DataPool LINES =
      new DataPool(DataSet.LOGS, 7, ByteSize.ofMebibytes(1)).asLines();

  @TempDir private Path directory;

  @Test
  void countsWhatIsMissingDoubledDamagedAndOutOfOrder() {
    BodyCount count = new BodyCount(LINES, 6);

    assertThat(count.add(body(0))).isTrue();
    assertThat(count.add(body(2))).isTrue();
    assertThat(count.add(body(1))).isTrue();
    assertThat(count.add(body(2))).isFalse();
    assertThat(count.add(damaged(3))).isFalse();
    assertThat(count.add(body(6))).isFalse();

    assertThat(count.verdict()).isEqualTo(new ShipAudit.Verdict(6, 3, 1, 2, 1));
  }

  @Test
  void findsNothingWrongWithWhatWasSent() {
    BodyCount count = new BodyCount(LINES, 50);
    for (long number = 0; number < 50; number++) {
      count.add(body(number));
    }

    assertThat(count.verdict().isClean()).isTrue();
    assertThat(count.verdict().stored()).isEqualTo(50);
  }

  @Test
  void countsOnlyWholeLinesOfTheTimedPart() throws IOException {
    Path file = directory.resolve("far.log");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long number = 0; number < 5; number++) {
        out.write(LINES.body(number));
        out.write('\n');
      }
      out.write(LINES.body(5), 0, 100);
    }

    LineAudit found = LineAudit.of(file, LINES, 2, 7);

    assertThat(found.messages()).isEqualTo(3);
    assertThat(found.bytes())
        .isEqualTo(body(2).length() + body(3).length() + (long) body(4).length());
    assertThat(found.verdict()).isEqualTo(new ShipAudit.Verdict(5, 2, 0, 0, 0));
  }

  private static Bytes body(long number) {
    return Bytes.wrap(LINES.body(number));
  }

  private static Bytes damaged(long number) {
    byte[] body = LINES.body(number);
    body[body.length - 1] ^= 1;
    return Bytes.wrap(body);
  }
}
