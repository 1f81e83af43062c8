package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.link.LinkClient;
import dev.weir.link.LinkClientConfig;
import dev.weir.link.LinkListener;
import dev.weir.message.BatchSource;
import dev.weir.testkit.Eventually;
import dev.weir.testkit.Seeds;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way on real sockets: an edge's lanes over a link into the broker and out to a reader.
final class LinkToSubscriptionTest {
  private static final int FRAMES = 2_000;
  private static final int DAMAGED = 777;

  @TempDir Path directory;

  private final RandomGenerator random = Seeds.random("LinkToSubscriptionTest");
  private final List<EdgeLane> lanes =
      List.of(new EdgeLane(0, FRAMES, 0), new EdgeLane(1, FRAMES, DAMAGED));

  private LinkClient link(URI uri) {
    LinkClientConfig config =
        LinkClientConfig.of(List.of(uri), new BatchSource("edge", 5))
            .withBackoff(new Backoff(1_000_000, 20_000_000));
    return LinkClient.start(config, List.copyOf(lanes), Clock.SYSTEM, random, LinkListener.NONE);
  }

  @Test
  void deliversEverythingOnceInOrderWhileTheCoreIsRestarted() {
    Door door = new Door(directory);
    int port = door.port();
    try (LinkClient link = link(door.uri())) {
      for (int restart = 1; restart <= 3; restart++) {
        long wanted = (long) restart * FRAMES / 4;
        Eventually.eventually(wanted + " frames", () -> lanes.getFirst().firstUnacked() > wanted);
        door.close();
        door = new Door(directory, port);
      }
      Eventually.eventually(
          "everything is acked", () -> lanes.stream().allMatch(EdgeLane::isSettled));
      link.wake();

      for (EdgeLane lane : lanes) {
        Reader reader =
            Reader.open(
                door,
                Reader.opening(lane.topic()).setEndAtTail(true).setCreditLimitMessages(-1).build());
        assertThat(reader.awaitEnd().bodies()).isEqualTo(expected(lane));
      }
      assertThat(lanes.get(0).refused()).isEmpty();
      // Not told when the connection was cut between the refusal and its way to the edge.
      assertThat(lanes.get(1).refused()).isSubsetOf(List.of((long) DAMAGED));
    } finally {
      door.close();
    }
  }

  private static List<String> expected(EdgeLane lane) {
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= FRAMES; i++) {
      if (lane.lane() == 0 || i != DAMAGED) {
        expected.add(i + " first");
        expected.add(i + " second");
      }
    }
    return expected;
  }
}
