package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimeoutsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0u",
    "99999999, 99999999u",
    "100000000, 100000m",
    "100000000000, 100000S",
    "9223372036854775807, 99999999S"
  })
  void writesAtMostEightDigitsAndAUnit(long micros, String header) {
    assertThat(Timeouts.header(micros)).isEqualTo(header);
  }

  @ParameterizedTest
  @CsvSource({
    "5n, 5",
    "5u, 5000",
    "5m, 5000000",
    "5S, 5000000000",
    "5M, 300000000000",
    "5H, 18000000000000",
    "99999999H, 9223372036854775807",
    "'', -1",
    "5, -1",
    "m, -1",
    "5x, -1",
    "-5m, -1",
    "1234567890m, -1"
  })
  void readsWhatGrpcWrites(String header, long nanos) {
    assertThat(Timeouts.nanos(header)).isEqualTo(nanos);
  }

  @Test
  void leavesOutWhatTheWireCannotSay() {
    assertThat(Timeouts.wireMicros(null)).isEqualTo(-1);
    assertThat(Timeouts.wireMicros(Deadline.after(-1, TimeUnit.SECONDS))).isZero();
    assertThat(Timeouts.wireMicros(Deadline.after(2, TimeUnit.HOURS))).isEqualTo(-1);
    assertThat(Timeouts.wireMicros(Deadline.after(1, TimeUnit.HOURS)))
        .isBetween(3_000_000_000L, 3_600_000_000L);
  }
}
