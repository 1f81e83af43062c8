package dev.weir.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Cursor;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import dev.weir.message.Position;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.Gap;
import dev.weir.proto.v1.SubscriptionStart;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class InboxTest {
  private static final SubscribeOptions OPTIONS = SubscribeOptions.of("a", Start.last(3));

  private final Inbox inbox = new Inbox();

  @Test
  void opensWhereTheOptionsSayUntilTheServerSaidWhereThatIs() {
    assertThat(start().getLast()).isEqualTo(3);

    inbox.begin(Cursor.of(new Position("main", 0, 40)));

    assertThat(Cursor.parse(start().getCursor())).hasToString(start().getCursor());
    assertThat(positions()).containsExactly(new Position("main", 0, 40));
  }

  @Test
  void opensBehindWhatItReceivedInEachPartition() {
    inbox.begin(new Cursor(List.of(new Position("main", 0, 40), new Position("main", 1, 7))));
    inbox.add(delivery(0, 2, 45));

    inbox.begin(Cursor.of(new Position("main", 0, 0)));

    assertThat(positions())
        .containsExactly(new Position("main", 0, 45), new Position("main", 1, 7));
    assertThat(inbox.received()).isEqualTo(2);
  }

  @Test
  void takesADeliveryOnce() {
    assertThat(inbox.add(delivery(0, 2, 45))).isTrue();
    assertThat(inbox.add(delivery(0, 2, 45))).isFalse();
    assertThat(inbox.add(delivery(1, 2, 45))).isTrue();

    assertThat(inbox.poll()).isNotNull();
    assertThat(inbox.poll()).isNotNull();
    assertThat(inbox.poll()).isNull();
  }

  @Test
  void needsTheDictionaryThatADeliveryNames() {
    List<Bytes> samples =
        IntStream.range(0, 400)
            .mapToObj(
                i -> Bytes.utf8("{\"sensor\":" + i * 7919 % 1000 + ",\"plant\":" + i % 7 + "}"))
            .toList();
    Dictionary dictionary = DictionaryTrainer.train(samples, 2 << 10, 3).orElseThrow();
    Delivery delivery =
        delivery(0, 1, 1).toBuilder().setCodec(1).setDictionaryId(dictionary.id()).build();

    assertThatThrownBy(() -> inbox.add(delivery))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_DICTIONARY));
    inbox.learn(dictionary);

    assertThat(
            inbox.add(delivery(0, 1, 2).toBuilder().mergeFrom(delivery).setNextOffset(2).build()))
        .isTrue();
    assertThat(Objects.requireNonNull(inbox.poll()).dictionary()).contains(dictionary);
  }

  @Test
  void addsUpWhatIsGoneForTheNextDelivery() {
    inbox.begin(Cursor.of(new Position("main", 0, 10)));
    inbox.skip(gap(0, 20));
    inbox.skip(gap(15, 22));
    inbox.add(delivery(0, 1, 23));
    inbox.add(delivery(0, 1, 24));

    assertThat(Objects.requireNonNull(inbox.poll()).missedBefore()).isEqualTo(12);
    assertThat(Objects.requireNonNull(inbox.poll()).missedBefore()).isZero();
  }

  @Test
  void isFullByBytesUntilEnoughIsTaken() {
    ByteString large = ByteString.copyFrom(new byte[Inbox.MAX_BYTES / 2]);
    inbox.add(delivery(0, 1, 1).toBuilder().setPayload(large).build());
    assertThat(inbox.isFull()).isFalse();
    inbox.add(delivery(0, 1, 2).toBuilder().setPayload(large).build());
    assertThat(inbox.isFull()).isTrue();

    inbox.poll();

    assertThat(inbox.isFull()).isFalse();
    assertThat(inbox.isEmpty()).isFalse();
    inbox.clear();
    assertThat(inbox.isEmpty()).isTrue();
  }

  @Test
  void refusesImpossiblePlaces() {
    assertThatThrownBy(() -> inbox.add(delivery(-1, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> inbox.add(delivery(0, 0, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> inbox.add(delivery(0, 1, 1).toBuilder().setStream("").build()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> inbox.skip(gap(0, -1))).isInstanceOf(IllegalArgumentException.class);
  }

  private SubscriptionStart start() {
    return inbox.opening(OPTIONS, 0).getOpen().getStart();
  }

  private List<Position> positions() {
    return Cursor.parse(start().getCursor()).positions();
  }

  private static Delivery delivery(int partition, int count, long next) {
    return Delivery.newBuilder()
        .setStream("main")
        .setPartition(partition)
        .setBaseOffset(next - count)
        .setCount(count)
        .setNextOffset(next)
        .build();
  }

  private static Gap gap(long from, long to) {
    return Gap.newBuilder().setStream("main").setFromOffset(from).setToOffset(to).build();
  }
}
