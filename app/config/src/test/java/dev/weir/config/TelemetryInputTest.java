package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryInputTest {
  @TempDir Path directory;

  @Test
  void readsListenersAndTargets() {
    String text =
        """
        version: 1
        edge:
          to: [weir://core]
          inputs:
            - {type: otlp, listen: 127.0.0.1:4317, topic: otel}
            - {type: otlpHttp, listen: 127.0.0.1:4318, maxBody: 1MiB}
            - {type: remoteWrite, listen: 127.0.0.1:9201}
            - {type: scrape, targets: [http://a:9100/metrics, https://b/m], job: node, interval: 1m}
        """;

    assertThat(new Loading(directory).accepted(text).edge().inputs())
        .containsExactly(
            new TelemetryInput.OtlpInput(
                new HostPort("127.0.0.1", 4317), Optional.of("otel"), ByteSize.ofMebibytes(4)),
            new TelemetryInput.OtlpHttpInput(
                new HostPort("127.0.0.1", 4318), Optional.empty(), ByteSize.ofMebibytes(1)),
            new TelemetryInput.RemoteWriteInput(
                new HostPort("127.0.0.1", 9201), Optional.empty(), ByteSize.ofMebibytes(4)),
            new TelemetryInput.ScrapeInput(
                List.of(URI.create("http://a:9100/metrics"), URI.create("https://b/m")),
                Optional.empty(),
                "node",
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                ByteSize.ofMebibytes(16)));
  }

  @Test
  void refusesWhatCannotWork() {
    String text =
        """
        version: 1
        edge:
          to: [weir://core]
          inputs:
            - {type: otlp, listen: 127.0.0.1:4317}
            - {type: otlpHttp, listen: 127.0.0.1:4317}
            - {type: remoteWrite, listen: 0.0.0.0:9201}
            - {type: scrape, targets: ["http://a/"], interval: 5s}
        """;

    assertThat(Loading.brief(new Loading(directory).refused(text)))
        .hasSize(3)
        .anyMatch(line -> line.contains("edge.inputs[1].listen is 127.0.0.1:4317, which clashes"))
        .anyMatch(line -> line.contains("edge.inputs[2].listen is 0.0.0.0:9201, which lets in"))
        .anyMatch(line -> line.contains("edge.inputs[3].timeout is longer than the interval"));
  }

  @Test
  void refusesTargetsThatAreNoPages() {
    for (String target :
        List.of("a:9100", "ftp://a/", "http:///m", "http://u:p@a/m", "http://a b/")) {
      String text =
          """
          version: 1
          edge: {to: [weir://core], inputs: [{type: scrape, targets: ["%s"]}]}
          """
              .formatted(target);

      assertThat(Loading.brief(new Loading(directory).refused(text)))
          .as(target)
          .singleElement()
          .asString()
          .contains("http://HOST:PORT/metrics");
    }
  }
}
