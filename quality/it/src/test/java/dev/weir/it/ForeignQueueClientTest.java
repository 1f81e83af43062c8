package dev.weir.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queues as a client uses them that someone else wrote: Debian's python3-grpcio, which has the
/// schema from the core itself. The client dies holding messages, the core by kill -9.
final class ForeignQueueClientTest {
  private static final int COUNT = 200;
  private static final int ACKED = 50;

  @TempDir private Path directory;

  private static List<String> python(Site site, String... words) {
    List<String> command = new ArrayList<>();
    command.add("/usr/bin/python3");
    command.add(Sources.test("python/queue_client.py").toString());
    command.add(site.core().server());
    command.addAll(List.of(words));
    Command done = Command.run(command.toArray(String[]::new));
    assertThat(done.output())
        .as("needs apt-get install python3-grpcio python3-protobuf")
        .doesNotContain("ModuleNotFoundError");
    assertThat(done.status()).as(done.output()).isZero();
    return done.output().lines().toList();
  }

  @Test
  void whatItAckedIsGoneAndNothingElse() throws IOException {
    dies("fill", "take");
  }

  /// The same with many messages and acks in each gRPC message.
  @Test
  void whatItAckedTogetherIsGoneAndNothingElse() throws IOException {
    dies("fillmany", "takemany");
  }

  private void dies(String fill, String take) throws IOException {
    try (Site site = new Site(directory)) {
      site.startCore();
      assertThat(python(site, "health")).containsExactly("health 1");
      assertThat(python(site, "create", "jobs"))
          .containsExactly("created jobs 30000", "refused INVALID_ARGUMENT 7002");
      assertThat(python(site, fill, "jobs", "" + COUNT)).hasSize(COUNT).doesNotHaveDuplicates();
      List<String> acked = python(site, take, "jobs", "" + ACKED);
      assertThat(acked).hasSize(ACKED).allMatch(line -> line.startsWith("acked python "));

      site.core().kill();
      site.startCore();

      List<String> left = consume(site);
      List<String> all = new ArrayList<>(left);
      acked.forEach(line -> all.add(line.substring("acked ".length())));
      assertThat(all)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, COUNT).mapToObj(i -> "python " + i).toList());
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
