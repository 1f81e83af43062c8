package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.link.StoreListener;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.StoredLane;
import dev.weir.testkit.Eventually;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BrokerLinkStoreTest {
  private static final BatchSource EDGE = new BatchSource("edge", 9);

  @TempDir Path directory;

  private static Batch batch(String body) {
    BatchBuilder builder = new BatchBuilder(16 << 20);
    if (!builder.add(Message.of("a", body))) {
      throw new IllegalArgumentException("too large");
    }
    return builder.build(0, Bytes.EMPTY);
  }

  private static StoredLane standing(BrokerLinkStore store) {
    return store.resumeLane(EDGE, 0, 1).toCompletableFuture().join();
  }

  private static final class Told implements StoreListener {
    private final List<String> words = new CopyOnWriteArrayList<>();

    @Override
    public void stored(
        String stream,
        int partition,
        long baseOffset,
        boolean isDuplicate,
        long commitMicros,
        long queueMicros) {
      words.add(stream + "/" + partition + "@" + baseOffset + (isDuplicate ? " again" : ""));
    }

    @Override
    public void failed(WeirException cause) {
      words.add(cause.code().name());
    }

    void await(int count) {
      Eventually.eventually(count + " outcomes", () -> words.size() == count);
    }
  }

  @Test
  void storesFramesOfALaneOnce() {
    try (Door door = new Door(directory)) {
      BrokerLinkStore store = new BrokerLinkStore(door.broker, Clock.SYSTEM);
      Told told = new Told();

      assertThat(standing(store)).isEqualTo(StoredLane.NONE);
      assertThat(store.offer(EDGE, 0, 1, 101, batch("1"), told)).isTrue();
      told.await(1);
      assertThat(store.offer(EDGE, 0, 1, 101, batch("1"), told)).isTrue();
      told.await(2);
      assertThat(store.offer(EDGE, 0, 3, 103, batch("3"), told)).isTrue();
      told.await(3);
      assertThat(store.offer(Message.of("b", "x"), told)).isTrue();
      told.await(4);

      assertThat(told.words)
          .containsExactly(
              "main/0@0", "main/0@1 again", ErrorCode.OUT_OF_SEQUENCE.name(), "main/0@1");
      assertThat(standing(store)).isEqualTo(new StoredLane(1, 101, List.of()));
    }
  }

  @Test
  void tellsRoomAfterARefusalAtTheLatestWhenItIsThere() {
    try (Door door = new Door(directory)) {
      BrokerLinkStore store = new BrokerLinkStore(door.broker, Clock.SYSTEM);
      Told told = new Told();
      AtomicInteger retries = new AtomicInteger();
      Batch batch = batch("x".repeat(4 << 20));
      int refused = 0;
      for (int sequence = 1; sequence <= 60; sequence++) {
        while (!store.offer(EDGE, 0, sequence, 0, batch, told)) {
          refused++;
          int expected = refused;
          store.onRoom(retries::incrementAndGet);
          Eventually.eventually("a retry", () -> retries.get() == expected);
        }
      }

      told.await(60);
      assertThat(refused).isPositive();
      assertThat(told.words).allMatch(word -> word.startsWith("main/0@"));
    }
  }
}
