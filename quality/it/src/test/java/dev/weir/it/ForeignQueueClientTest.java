package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The queues as clients use them that someone else wrote. The client dies holding messages, the
/// core by kill -9.
final class ForeignQueueClientTest {
  private static final int COUNT = 200;
  private static final int ACKED = 50;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(ForeignClient.class)
  void whatItAckedIsGoneAndNothingElse(ForeignClient client) throws IOException {
    dies(client, "fill", "take");
  }

  /// The same with many messages and acks in each gRPC message.
  @Test
  void whatItAckedTogetherIsGoneAndNothingElse() throws IOException {
    dies(ForeignClient.PYTHON, "fillmany", "takemany");
  }

  private void dies(ForeignClient client, String fill, String take) throws IOException {
    try (Site site = new Site(directory)) {
      site.startCore();
      String address = site.core().server();
      assertThat(client.run(address, "health")).containsExactly("health 1");
      assertThat(client.run(address, "create", "jobs"))
          .containsExactly("created jobs 30000", "refused INVALID_ARGUMENT 7002");
      assertThat(client.run(address, fill, "jobs", "" + COUNT))
          .hasSize(COUNT)
          .doesNotHaveDuplicates();
      List<String> acked = client.run(address, take, "jobs", "" + ACKED);
      assertThat(acked)
          .hasSize(ACKED)
          .allMatch(line -> line.startsWith("acked " + client.label() + " "));

      site.core().kill();
      site.startCore();

      List<String> left = consume(site);
      List<String> all = new ArrayList<>(left);
      acked.forEach(line -> all.add(line.substring("acked ".length())));
      assertThat(all)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, COUNT).mapToObj(i -> client.label() + " " + i).toList());
      assertThat(consume(site)).isEmpty();
    }
  }

  private List<String> consume(Site site) {
    Launch.Ended ended =
        new Launch(directory.resolve("consume"))
            .run(
                "queue",
                "consume",
                "jobs",
                "--exit-at-end",
                "-s",
                "weir://" + site.core().server());
    assertThat(ended.status()).as(ended.error()).isZero();
    return ended.output().lines().toList();
  }
}
