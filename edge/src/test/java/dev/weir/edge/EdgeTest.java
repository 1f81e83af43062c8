package dev.weir.edge;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.FileConfig;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.StdinConfig;
import dev.weir.edge.source.http.HttpConfig;
import dev.weir.edge.spool.BatchPolicy;
import dev.weir.edge.spool.OverflowPolicy;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.log.FileDisk;
import dev.weir.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole edges with their own threads and the real disk.
final class EdgeTest {
  @TempDir private Path directory;
  private final FakeCore core = new FakeCore();

  @Test
  void bringsStandardInputToACoreAndEnds() throws IOException {
    List<String> lines = IntStream.range(0, 20_000).mapToObj(i -> "line " + i).toList();
    String text = String.join("\n", lines); // The last line has no end.

    try (Edge edge = start(stdin(text), StdinConfig.of("in/put"))) {
      eventually("the input has ended", edge::hasEnded);
      assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
      assertThat(edge.stats().sources().getFirst().messageCount()).isEqualTo(20_000);
      assertThat(edge.stats().spool().unackedMessages()).isZero();
    }

    assertThat(core.bodies()).isEqualTo(lines);
    assertThat(core.messages()).allMatch(message -> message.topic().equals("in/put"));
  }

  @Test
  void bringsEachLineOfAFileOnceThroughRestartsAndOutages() throws IOException {
    RandomGenerator random = Seeds.random("bringsEachLineOfAFileOnceThroughRestartsAndOutages");
    Path log = directory.resolve("app.log");
    List<String> written = new ArrayList<>();
    for (int round = 0; round < 6; round++) {
      core.up(random.nextBoolean());
      try (Edge edge = start(stdin(""), files())) {
        for (int i = 0; i < 5; i++) {
          write(log, written, 1 + random.nextInt(400));
          long wanted = random.nextInt(300);
          eventually(
              "something was read", () -> edge.stats().sources().getFirst().bytes() >= wanted / 10);
        }
        if (random.nextBoolean()) {
          Files.move(log, directory.resolve("app.log." + round));
        }
      }
    }
    core.up(true);
    try (Edge edge = start(stdin(""), files())) {
      eventually("everything arrived", () -> core.messages().size() >= written.size());
      assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
    }

    List<String> bodies = new ArrayList<>(core.bodies());
    bodies.sort(null);
    written.sort(null);
    assertThat(bodies).hasSameSizeAs(written).isEqualTo(written);
  }

  @Test
  void answersHttpOnceTheMessageIsOnDisk() throws Exception {
    core.up(false);
    try (HttpClient client = HttpClient.newHttpClient()) {
      try (Edge edge = start(stdin(""), http())) {
        assertThat(post(client, edge, "hello").statusCode()).isEqualTo(200);
        assertThat(edge.stats().spool().unackedMessages()).isEqualTo(1);
      }
      core.up(true);
      try (Edge edge = start(stdin(""), http())) {
        assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
      }
    }

    assertThat(core.bodies()).containsExactly("hello");
  }

  @Test
  void stopsTheInputWhenTheSpoolIsFullAndGoesOnWhenThereIsRoom() throws IOException {
    core.up(false);
    Path log = directory.resolve("app.log");
    List<String> written = new ArrayList<>();
    RandomGenerator random = new SplittableRandom(5);
    for (int i = 0; i < 40; i++) {
      byte[] noise = new byte[20_000];
      random.nextBytes(noise);
      String line = java.util.HexFormat.of().formatHex(noise);
      written.add(line);
      Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    SpoolConfig spool = spool().withMaxBytes(ByteSize.ofKibibytes(64));
    EdgeConfig config =
        new EdgeConfig(
            "site", spool, BatchPolicy.DEFAULT, ByteSize.ofKibibytes(64), List.of(files()));

    try (Edge edge = start(config, stdin(""))) {
      eventually("the spool is full", () -> edge.stats().spool().isFull());
      eventually(
          "the source is stopped",
          () -> edge.stats().sources().getFirst().state() == SourceState.BLOCKED);
      assertThat(edge.stats().spool().unackedMessages()).isLessThan(40);
      core.up(true);
      eventually("everything arrived", () -> core.messages().size() == 40);
    }

    assertThat(core.bodies()).isEqualTo(written);
  }

  @Test
  void refuses429OverHttpWhenTheSpoolIsFullAndRecovers() throws Exception {
    core.up(false);
    SpoolConfig spool =
        spool().withMaxBytes(ByteSize.ofKibibytes(64)).withOverflow(OverflowPolicy.DROP_NEWEST);
    byte[] noise = new byte[30_000];
    new SplittableRandom(3).nextBytes(noise);
    String body = java.util.HexFormat.of().formatHex(noise);
    try (HttpClient client = HttpClient.newHttpClient();
        Edge edge = start(config(spool, http()), stdin(""))) {
      int stored = 0;
      HttpResponse<String> answer = post(client, edge, body);
      while (answer.statusCode() == 200 && stored < 100) {
        stored++;
        answer = post(client, edge, body);
      }
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.body()).contains("WEIR-5001");
      core.up(true);
      eventually("there is room again", () -> !edge.stats().spool().isFull());
      assertThat(post(client, edge, "after").statusCode()).isEqualTo(200);
      assertThat(edge.drain(Duration.ofSeconds(20))).isTrue();
      assertThat(core.messages()).hasSize(stored + 1);
    }
  }

  @Test
  void leavesNothingRunningWhenAnAddressIsTaken() throws IOException {
    try (Edge edge = start(stdin(""), http())) {
      HttpConfig taken =
          HttpConfig.of(
              "x",
              new InetSocketAddress(
                  InetAddress.getLoopbackAddress(), edge.port("http").orElseThrow()));
      SpoolConfig other = SpoolConfig.of(directory.resolve("other"));

      assertThatThrownBy(() -> start(config(other, taken), stdin("")))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_IN_USE));
      start(config(other), stdin("")).close(); // Its spool is free again.
    }
  }

  @Test
  void namesItselfTheSameAfterARestart() throws IOException {
    var first = identityOf();
    assertThat(identityOf()).isEqualTo(first);
    assertThatThrownBy(() -> start(EdgeConfig.of("another", spool(), List.of()), stdin("")))
        .hasMessageContaining("belongs to agent 'site'");
  }

  private dev.weir.message.BatchSource identityOf() throws IOException {
    try (Edge edge = start(stdin(""))) {
      return edge.identity();
    }
  }

  private Edge start(InputStream stdin, SourceConfig... sources) throws IOException {
    return start(config(spool(), sources), stdin);
  }

  private Edge start(EdgeConfig config, InputStream stdin) throws IOException {
    return Edge.start(config, Clock.SYSTEM, new FileDisk(), new SplittableRandom(), stdin, core);
  }

  private static EdgeConfig config(SpoolConfig spool, SourceConfig... sources) {
    return EdgeConfig.of("site", spool, List.of(sources));
  }

  private SpoolConfig spool() {
    return SpoolConfig.of(directory.resolve("spool")).withFreeDiskFloor(new ByteSize(0));
  }

  private FileConfig files() {
    return FileConfig.of("app", "logs/app", List.of(directory + "/app.log*"));
  }

  private static HttpConfig http() {
    return HttpConfig.of("h", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static HttpResponse<String> post(HttpClient client, Edge edge, String body)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + edge.port("http").orElseThrow() + "/topics/web/in");
    return client.send(
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void write(Path log, List<String> written, int count) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String line = "line " + written.size();
      written.add(line);
      text.append(line).append('\n');
    }
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static InputStream stdin(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
