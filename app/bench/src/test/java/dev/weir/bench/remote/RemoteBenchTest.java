package dev.weir.bench.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.bench.BenchReport;
import dev.weir.bench.TestJava;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The whole bench with tiny counts: what is measured, not how fast it is.
final class RemoteBenchTest {
  @Test
  void measuresEveryModeOverEveryTransport() throws IOException {
    RemoteBenchOptions tiny =
        new RemoteBenchOptions(TestJava.words(), List.of(8, 16), 100, 600, 2, 2);

    RemoteReport report = new RemoteBench(tiny, _ -> {}).run();

    assertThat(report.isClean()).isTrue();
    BenchReport bench = report.bench();
    // Two buffers, three transports: sync once, async and in-order twice each; then reconnects.
    assertThat(bench.rows()).hasSize(2 * 3 * 5 + 3);
    assertThat(bench.rows())
        .allSatisfy(row -> {
          assertThat(row.rate()).isPositive();
          assertThat(row.extra()).containsEntry("lost", 0.0).containsEntry("doubled", 0.0);
        });
    assertThat(bench.ratios())
        .containsKeys(
            "async / sync, wire 8 × 100",
            "in-order / async, grpc-batch 16 × 600",
            "async by buffer, grpc-stream × 600, highest / lowest");
    assertThat(bench.json()).contains("\"schema\":\"weir.bench/v1\"", "\"scenario\":\"remote\"");
    assertThat(report.html()).contains("<svg", "published");
  }

  @Test
  void seesLostDoubledAndDisorderedReplies() throws InterruptedException {
    ReplyAudit audit = new ReplyAudit(4);
    for (int number : new int[] {0, 2, 1, 1}) {
      audit.onReply(body(number));
    }

    assertThat(audit.await(1)).isTrue();
    RemoteFigures figures = audit.figures(0, 3);
    assertThat(figures.lost()).isEqualTo(1);
    assertThat(figures.doubled()).isEqualTo(1);
    assertThat(figures.disordered()).isEqualTo(1);
    assertThat(RemoteFigures.parse(figures.words())).isEqualTo(figures);
  }

  private static Bytes body(long number) {
    byte[] bytes = new byte[Long.BYTES];
    ByteBuffer.wrap(bytes).putLong(number);
    return Bytes.wrap(bytes);
  }
}
