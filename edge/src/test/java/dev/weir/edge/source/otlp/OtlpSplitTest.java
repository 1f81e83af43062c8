package dev.weir.edge.source.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.protobuf.Wire;
import dev.weir.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class OtlpSplitTest {
  private static final int MAX_BYTES = 2048;

  @Test
  void leavesWhatFitsAlone() {
    Bytes request = Requests.logs("small");

    assertThat(OtlpSplit.split(request, MAX_BYTES)).containsExactly(request);
  }

  @Test
  void everyPartIsSoundAndAllRecordsComeInOrderWithTheirResourceAndScope() {
    RandomGenerator random = Seeds.random("OtlpSplitTest");
    List<String> sent = new ArrayList<>();
    Bytes request = request(random, sent);

    List<Bytes> parts = OtlpSplit.split(request, MAX_BYTES);

    assertThat(parts).hasSizeGreaterThan(request.length() / MAX_BYTES);
    List<String> received = new ArrayList<>();
    for (Bytes part : parts) {
      assertThat(part.length()).isLessThanOrEqualTo(MAX_BYTES);
      OtlpSignal.LOGS.check(part);
      received.addAll(LogRecords.of(part));
    }
    assertThat(received).isEqualTo(sent);
  }

  @Test
  void refusesARecordThatNoMessageHolds() {
    Bytes request = Requests.logs("x".repeat(MAX_BYTES));

    assertThatThrownBy(() -> OtlpSplit.split(request, MAX_BYTES))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
        .hasMessageContaining("A record");
  }

  /// Each part repeats it: a large one would multiply what was sent.
  @Test
  void refusesAResourceThatTakesMoreThanHalfOfAMessage() {
    Wire group = new Wire().message(1, new Wire().text(2, "r".repeat(MAX_BYTES / 2)));
    for (int i = 0; i < 100; i++) {
      group.message(2, new Wire().message(2, new Wire().text(3, "record " + i)));
    }
    Bytes request = new Wire().message(1, group).bytes();

    assertThatThrownBy(() -> OtlpSplit.split(request, MAX_BYTES))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
        .hasMessageContaining("resource");
  }

  private static Bytes request(RandomGenerator random, List<String> sent) {
    Wire request = new Wire();
    for (int r = 0; r < 4; r++) {
      String resource = "resource" + r;
      Wire group = new Wire().message(1, attribute(resource));
      for (int s = 0; s < 3; s++) {
        String scope = "scope" + s;
        Wire scopes = new Wire().message(1, new Wire().text(1, scope));
        int records = random.nextInt(0, 40);
        for (int i = 0; i < records; i++) {
          String text = i + "x".repeat(random.nextInt(200));
          scopes.message(2, new Wire().text(3, text));
          sent.add(resource + "/" + scope + "/" + text);
        }
        group.message(2, scopes.text(3, "schema of scope"));
      }
      request.message(1, group.text(3, "schema of resource"));
    }
    return request.bytes();
  }

  private static Wire attribute(String value) {
    return new Wire().message(1, new Wire().text(1, "k").message(2, new Wire().text(1, value)));
  }
}
