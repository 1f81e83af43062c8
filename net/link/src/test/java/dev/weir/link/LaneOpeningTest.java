package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static dev.weir.testkit.Eventually.eventuallyPresent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.flow.WindowMode;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.StoredLane;
import dev.weir.proto.Frame;
import io.grpc.Status;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Lanes that are opened within a session.
@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LaneOpeningTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final LateStore late = new LateStore();
  private volatile LaneSources.Lanes lanes = new LaneSources.Lanes(List.of(), List.of());

  /// Answers about lanes when it is told to.
  private final class LateStore implements LinkStore {
    private final ConcurrentLinkedQueue<Runnable> answers = new ConcurrentLinkedQueue<>();

    @Override
    public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstUnacked) {
      if (lane == 0) {
        return store.resumeLane(source, lane, firstUnacked);
      }
      CompletableFuture<StoredLane> answer = new CompletableFuture<>();
      answers.add(() -> store.resumeLane(source, lane, firstUnacked).thenAccept(answer::complete));
      return answer;
    }

    @Override
    public boolean offer(
        BatchSource source,
        int lane,
        long sequence,
        int crc32c,
        Batch batch,
        StoreListener listener) {
      return store.offer(source, lane, sequence, crc32c, batch, listener);
    }

    @Override
    public boolean offer(Message message, StoreListener listener) {
      return store.offer(message, listener);
    }

    @Override
    public void onRoom(Runnable retry) {
      store.onRoom(retry);
    }
  }

  protected LaneOpeningTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private LinkCore core(LinkStore behind) {
    return path.start(LinkServerConfig.of("core-1"), behind, Clock.SYSTEM);
  }

  private LinkClient connect(LinkCore core, ByteSize window) {
    LinkClientConfig config =
        path.config(List.of(core.uri()), SOURCE).withWindow(WindowMode.FIXED, window);
    return LinkClient.start(
        config,
        () -> lanes,
        Clock.SYSTEM,
        new SplittableRandom(1),
        LinkListener.NONE,
        DictionaryListener.NONE);
  }

  private static Frame.Builder frame(int lane, long sequence) {
    return RawStream.frame(sequence, lane + ":" + sequence).setLane(lane);
  }

  @Test
  void sendsOnALaneThatAppearedAndForgetsOneThatWent() {
    MemoryLane old = new MemoryLane(0);
    MemoryLane young = new MemoryLane(1);
    old.add("t", "old");
    lanes = new LaneSources.Lanes(List.of(old), List.of());
    try (LinkCore core = core(store);
        LinkClient client = connect(core, ByteSize.ofMebibytes(1))) {
      eventually("the first lane is settled", old::isSettled);
      young.add("t", "young");
      lanes = new LaneSources.Lanes(List.of(young), List.of());
      client.wake();
      eventually("the second lane is settled", young::isSettled);

      assertThat(store.bodies()).containsExactly("old", "young");
      assertThat(client.stats().sessions()).isEqualTo(1);
      assertThat(client.stats().protocolErrors()).isZero();
    }
  }

  @Test
  void whatIsFreshArrivesBeforeTheBacklog() {
    MemoryLane past = new MemoryLane(0);
    MemoryLane present = new MemoryLane(1);
    for (int i = 0; i < 400; i++) {
      past.add("t", "past".repeat(1000));
    }
    lanes = new LaneSources.Lanes(List.of(), List.of(past));
    store.pause(true);
    try (LinkCore core = core(store);
        LinkClient client = connect(core, ByteSize.ofMebibytes(1))) {
      eventually("36 frames are in flight", () -> client.stats().inFlightBytes() > 150_000);
      present.add("t", "present");
      lanes = new LaneSources.Lanes(List.of(present), List.of(past));
      client.wake();
      eventually("it waits in the store", () -> client.stats().inFlightFrames() >= 52);
      store.pause(false);
      eventually("all is settled", () -> past.isSettled() && present.isSettled());

      // Behind what was in flight as it arose: 36 frames of 4,000 bytes and some, and at most a
      // fifth of the window of 1 MiB, which is 52.
      assertThat(store.bodies().indexOf("present")).isBetween(36, 60);
    }
  }

  @Test
  void holdsWhatComesUntilTheStoreHasAnswered() {
    try (LinkCore core = core(late);
        RawStream client = new RawStream(path, core.port())) {
      client.hello("a", 1);
      for (int sequence = 1; sequence <= 40; sequence++) {
        client.sendFrame(frame(7, sequence));
        client.sendFrame(frame(0, sequence));
        client.sendFrame(frame(8, sequence));
      }
      eventually("the store is asked for the first", () -> late.answers.size() == 1);
      late.answers.remove().run();
      eventually("and for the second", () -> late.answers.size() == 1);
      late.answers.remove().run();

      eventually("all are stored", () -> store.bodies().size() == 120);
      BatchSource source = new BatchSource("a", 1);
      for (int lane : new int[] {0, 7, 8}) {
        assertThat(store.order(source, lane)).hasSize(40).isSorted();
      }
      assertThat(client.nacks()).isEmpty();
    }
  }

  @Test
  void refusesALaneThatBeginsAgain() {
    try (LinkCore core = core(store)) {
      try (RawStream client = new RawStream(path, core.port())) {
        client.hello("a", 1);
        client.sendFrame(frame(7, 1));
        eventually("it is stored", () -> store.bodies().size() == 1);
      }
      try (RawStream client = new RawStream(path, core.port())) {
        client.hello("a", 1);
        client.sendFrame(frame(7, 1));
        Status end = eventuallyPresent("the end", client::end);
        assertThat(end.getDescription()).contains("Lane 7 begins again, but is stored up to 1");
      }
    }
  }

  @Test
  void opensNoMoreLanesThanASessionMayHave() {
    try (LinkCore core = core(store);
        RawStream client = new RawStream(path, core.port())) {
      client.hello("a", 1);
      for (int lane = 1; lane <= 1024; lane++) {
        client.sendFrame(frame(lane, 1));
      }
      Status end = eventuallyPresent("the end", client::end);
      assertThat(end.getDescription()).contains("More than 1024 lanes are open");
    }
  }
}
