package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.it.FaultyDisk.Action;
import dev.weir.it.FaultyDisk.Call;
import dev.weir.it.FaultyDisk.Rule;
import dev.weir.it.published.ServiceMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that know the published schema alone: acks once durable, plain and zstd, and the info
/// when the queue is full.
final class PublishedClientTest {
  private static final int QUEUE_MESSAGES = 20;

  @TempDir private Path directory;

  private FaultyDisk disk;
  private Site site;

  @BeforeEach
  void startCore() throws IOException {
    disk = new FaultyDisk(directory);
    Launch launch =
        new Launch(directory.resolve("core-output"))
            .environment(disk.environment())
            .environment(
                Map.of(
                    "WEIR__FLOW__V1_QUEUE",
                    Integer.toString(QUEUE_MESSAGES),
                    "WEIR__FLOW__V1_OVERFLOW",
                    "dropOldest"));
    site = new Site(directory, launch);
    site.startCore();
  }

  @AfterEach
  void stopCore() {
    disk.close();
    site.close();
  }

  @Test
  void acksPlainAndCompressedMessagesThatAReaderThenFinds() throws IOException {
    List<String> bodies = new ArrayList<>();
    try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
      for (int i = 0; i < QUEUE_MESSAGES / 2; i++) {
        client.sendPlain("p" + i, "plain " + i);
        client.sendZstd("z" + i, "zstd ".repeat(1000) + i);
        bodies.add("plain " + i);
        bodies.add("zstd ".repeat(1000) + i);
        client.awaitAcked(2 * i + 2);
      }
      client.complete();

      assertThat(client.awaitEnd().isOk()).isTrue();
      assertThat(client.acked()).contains("p0", "z0").doesNotHaveDuplicates();
    }
    assertThat(site.stored("#")).extracting(StoredMessage::body).containsExactlyElementsOf(bodies);
  }

  @Test
  void acksOnlyOnceTheDiskHasIt() {
    Rule held = disk.rule(site.coreData(), Call.SYNC, Action.HOLD);
    try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
      client.sendPlain("before", "x");
      client.awaitAcked(1);

      held.arm();
      client.sendPlain("during", "x");
      eventually("a sync is held", () -> held.held() > 0);
      assertThat(client.acked()).containsExactly("before");

      held.disarm();
      client.awaitAcked(2);
    }
  }

  @Test
  void tellsTheCapacityWhenTheQueueIsFull() {
    Rule held = disk.rule(site.coreData(), Call.SYNC, Action.HOLD);
    try (PublishedClient client = new PublishedClient(site.core().requireAddress())) {
      client.sendPlain("first", "x");
      client.awaitAcked(1);
      held.arm();
      for (int i = 0; i < QUEUE_MESSAGES * 3; i++) {
        client.sendPlain("m" + i, "x");
      }
      eventually("an info arrives", () -> !client.infos().isEmpty());
      assertThat(client.infos())
          .extracting(ServiceMessage::getQueueCapacity)
          .containsOnly(QUEUE_MESSAGES);

      held.disarm();
      client.awaitAcked(1 + QUEUE_MESSAGES);
    }
  }

  @Test
  void servesAClientOfAnotherLanguage() throws IOException {
    Command done =
        Command.run(
            "/usr/bin/python3",
            Sources.test("python/published_client.py").toString(),
            "127.0.0.1:" + site.core().requireAddress().getPort(),
            Sources.test("protobuf/published/data_sink_v1.proto").toString(),
            Integer.toString(QUEUE_MESSAGES / 2));

    assertThat(done.output())
        .as("needs apt-get install python3-grpcio python3-protobuf")
        .doesNotContain("ModuleNotFoundError");
    assertThat(done.status()).as(done.output()).isZero();
    assertThat(done.output().lines().filter(line -> line.startsWith("acked ")))
        .hasSize(QUEUE_MESSAGES);
    assertThat(site.stored("#"))
        .extracting(StoredMessage::body)
        .hasSize(QUEUE_MESSAGES)
        .contains("python plain body 0", "python zstd body 9");
  }
}
