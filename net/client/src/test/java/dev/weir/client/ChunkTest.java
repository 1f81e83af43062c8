package dev.weir.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import dev.weir.proto.v1.Delivery;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChunkTest {
  @Test
  void countsOffsetsFromTheBaseOrByTheirDeltas() {
    Delivery contiguous = delivery().build();
    Delivery sparse = delivery().addOffsetDeltas(0).addOffsetDeltas(3).addOffsetDeltas(7).build();

    assertThat(chunk(contiguous, 0).decode())
        .extracting(d -> d.position().offset())
        .containsExactly(10L, 11L, 12L);
    assertThat(chunk(sparse, 0).decode())
        .extracting(d -> d.position().offset())
        .containsExactly(10L, 13L, 17L);
  }

  @Test
  void leavesOutWhatWasReceivedBefore() {
    List<Delivered> delivered = chunk(delivery().build(), 12).decode();

    assertThat(delivered).extracting(Delivered::text).containsExactly("c");
  }

  @Test
  void putsTheLossInFrontOfTheFirstMessageOnly() {
    List<Delivered> delivered = new Chunk(delivery().build(), 0, 5, List.of()).decode();

    assertThat(delivered).extracting(Delivered::missedBefore).containsExactly(5L, 0L, 0L);
  }

  @Test
  void givesACursorOverEveryPartition() {
    Position other = new Position("main", 1, 99);
    Delivered first = new Chunk(delivery().build(), 0, 0, List.of(other)).decode().getFirst();

    assertThat(first.cursor()).isEqualTo(new Cursor(List.of(other, new Position("main", 0, 11))));
  }

  @Test
  void refusesDeliveriesThatAreNotWhatTheyClaim() {
    assertRefused(delivery().setCodec(9));
    assertRefused(delivery().setCount(4));
    assertRefused(delivery().setCount(0));
    assertRefused(delivery().setCount(-1));
    assertRefused(delivery().setRawLength(1 << 30));
    assertRefused(delivery().setHeader(ByteString.EMPTY));
    assertRefused(delivery().addOffsetDeltas(0));
    assertRefused(delivery().setBaseOffset(-5));
    assertRefused(delivery().setStream(""));
    assertRefused(delivery().setPartition(-1));
    ByteMutator mutator =
        new ByteMutator(Seeds.random("ChunkTest"), List.of(delivery().getPayload().toByteArray()));
    for (int i = 0; i < 5_000; i++) {
      Delivery damaged = delivery().setPayload(ByteString.copyFrom(mutator.next())).build();
      try {
        assertThat(chunk(damaged, 0).decode()).hasSize(3);
      } catch (WeirException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static void assertRefused(Delivery.Builder delivery) {
    assertThatThrownBy(() -> chunk(delivery.build(), 0).decode())
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> assertThat(e.code()).isIn(ErrorCode.MALFORMED, ErrorCode.DECOMPRESSION_REFUSED));
  }

  private static Chunk chunk(Delivery delivery, long wanted) {
    return new Chunk(delivery, wanted, 0, List.of());
  }

  private static Delivery.Builder delivery() {
    BatchBuilder builder = new BatchBuilder(1 << 10);
    for (String body : List.of("a", "b", "c")) {
      builder.add(Message.of("t", body));
    }
    Batch batch = builder.build(0, Bytes.EMPTY);
    return Delivery.newBuilder()
        .setStream("main")
        .setBaseOffset(10)
        .setCodec(batch.codec().number())
        .setCount(batch.count())
        .setRawLength(batch.rawLength())
        .setHeader(ByteString.copyFrom(batch.header().toArray()))
        .setPayload(ByteString.copyFrom(batch.payload().toArray()))
        .setNextOffset(13);
  }
}
