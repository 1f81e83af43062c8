package dev.weir.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Builder and reader against the layout, and against each other.
final class BatchCodecTest {
  private static final Message FULL =
      new Message(
          "t",
          Bytes.utf8("key"),
          1_000_002,
          Map.of("h", "v"),
          "text/plain",
          Bytes.utf8("id"),
          Bytes.utf8("body"),
          Duration.ofMillis(300),
          Duration.ofMillis(5),
          9);

  private static final byte[] RAW = {
    1, // version
    0x40,
    0x42,
    0x0f,
    0,
    0,
    0,
    0,
    0, // base time 1,000,000
    (byte) 0x85,
    (byte) 0x80,
    (byte) 0x80,
    0, // 5 bytes follow
    0, // no flags
    0, // topic 0
    0, // the base time
    'h',
    'i', // body
    (byte) 0xa7,
    (byte) 0x80,
    (byte) 0x80,
    0, // 39 bytes follow
    127, // every flag
    1, // topic 1
    4, // 2 µs later
    3,
    'k',
    'e',
    'y', //
    1,
    1,
    'h',
    1,
    'v', // one header
    10,
    't',
    'e',
    'x',
    't',
    '/',
    'p',
    'l',
    'a',
    'i',
    'n', //
    2,
    'i',
    'd', //
    (byte) 0xac,
    2, // ttl 300 ms
    5, // delay 5 ms
    9, // priority
    'b',
    'o',
    'd',
    'y', //
  };

  private static Batch annotated() {
    BatchBuilder builder = new BatchBuilder(1 << 10);
    assertThat(builder.add(Message.of("s", "hi").withTimeMicros(1_000_000))).isTrue();
    assertThat(builder.add(FULL)).isTrue();
    return builder.build(0, Bytes.utf8("origin"));
  }

  @Test
  void writesTheBytesOfItsPicture() {
    byte[] written = annotated().payload().toArray();

    assertThat(written).isEqualTo(fitLength(RAW));
  }

  @Test
  void aBuilderForOneBatchWritesTheSameAsAnyOther() {
    List<Message> messages =
        IntStream.range(0, 100)
            .mapToObj(i -> Message.of("a", "x".repeat(i * i % 900)).withId(Bytes.utf8("id" + i)))
            .toList();
    BatchBuilder any = new BatchBuilder(1 << 20);
    BatchBuilder small = BatchBuilder.forOne(1 << 10);
    BatchBuilder one = BatchBuilder.forOne(60_000);
    for (Message message : messages) {
      assertThat(any.add(message)).isTrue();
      assertThat(one.add(message)).isTrue();
    }
    assertThat(small.add(messages.getFirst())).isTrue();

    Batch batch = one.build(0, Bytes.EMPTY);

    assertThat(batch).isEqualTo(any.build(0, Bytes.EMPTY));
    assertThat(BatchReader.read(batch)).isEqualTo(messages);
    assertThat(BatchReader.read(small.build(0, Bytes.EMPTY))).containsExactly(messages.getFirst());
  }

  @Test
  void readsTheBytesOfItsPicture() {
    Batch batch = annotated();

    assertThat(BatchReader.read(batch))
        .containsExactly(Message.of("s", "hi").withTimeMicros(1_000_000), FULL);
    BatchHeader header = BatchHeader.decode(batch.header());
    assertThat(header.topics()).containsExactly("s", "t");
    assertThat(header.origin()).isEqualTo(Bytes.utf8("origin"));
    assertThat(header.ids()).isEqualTo(Map.of(1, Bytes.utf8("id")));
  }

  /// The second record's length is what follows it.
  private static byte[] fitLength(byte[] raw) {
    byte[] fitted = raw.clone();
    fitted[18] = (byte) (0x80 | (raw.length - 22));
    return fitted;
  }

  @Test
  void refusesTruncationAtEveryByte() {
    Batch whole = annotated();

    for (int length = 0; length < whole.rawLength(); length++) {
      assertMalformed(
          new Batch(Codec.NONE, 2, length, whole.header(), whole.payload().slice(0, length)));
    }
  }

  @Test
  void refusesBadCountsFlagsAndTopics() {
    Batch whole = annotated();
    byte[] unknownFlag = whole.payload().toArray();
    unknownFlag[13] = (byte) 0x80;
    byte[] unknownTopic = whole.payload().toArray();
    unknownTopic[14] = 2;
    byte[] version = whole.payload().toArray();
    version[0] = 2;

    assertMalformed(with(whole, 1, whole.payload()));
    assertMalformed(with(whole, 3, whole.payload()));
    assertMalformed(with(whole, 2, Bytes.wrap(unknownFlag)));
    assertMalformed(with(whole, 2, Bytes.wrap(unknownTopic)));
    assertMalformed(with(whole, 2, Bytes.wrap(version)));
  }

  private static Batch with(Batch batch, int count, Bytes payload) {
    return new Batch(batch.codec(), count, payload.length(), batch.header(), payload);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void readsWhatItWroteForRandomMessages(int zstdLevel) {
    RandomGenerator random = Seeds.random("BatchCodecTest");
    BatchBuilder builder = new BatchBuilder(32 << 10);
    RandomMessages source = new RandomMessages(random);

    for (int round = 0; round < 60; round++) {
      List<Message> messages = new ArrayList<>();
      Message next = source.next();
      while (builder.add(next)) {
        messages.add(next);
        next = source.next();
      }
      int length = builder.length();
      Batch batch = builder.build(zstdLevel, Bytes.EMPTY);

      assertThat(batch.count()).isEqualTo(messages.size());
      assertThat(batch.rawLength()).isEqualTo(length).isLessThanOrEqualTo(32 << 10);
      assertThat(BatchReader.read(batch)).isEqualTo(messages);
    }
  }

  @Test
  void givesEqualBytesForEqualMessages() {
    List<Batch> twice = new ArrayList<>();

    for (int i = 0; i < 2; i++) {
      RandomMessages source = new RandomMessages(Seeds.random("BatchCodecTest", 5));
      BatchBuilder builder = new BatchBuilder(64 << 10);
      for (Message next = source.next(); builder.add(next); next = source.next()) {}
      twice.add(builder.build(3, Bytes.EMPTY));
    }

    assertThat(twice.get(0)).isEqualTo(twice.get(1));
  }

  @Test
  void carriesOneMessageOfTheLargestSizeInEveryPart() {
    Message largest =
        new Message(
            "漢".repeat(341),
            Bytes.wrap(new byte[Message.MAX_KEY_BYTES]),
            Long.MAX_VALUE,
            Map.of("n", "v".repeat(Message.MAX_HEADER_BYTES - 1)),
            "漢".repeat(255),
            Bytes.wrap(new byte[Message.MAX_ID_BYTES]),
            Bytes.wrap(new byte[Message.MAX_BODY_BYTES]),
            Message.MAX_TTL,
            Message.MAX_TTL,
            0);
    BatchBuilder builder = new BatchBuilder(1 << 10);
    assertThat(builder.add(largest)).isTrue();
    assertThat(builder.add(largest)).isFalse();

    Batch batch = builder.build(1, Bytes.wrap(new byte[BatchHeader.MAX_ORIGIN_BYTES]));

    assertThat(BatchReader.read(batch)).containsExactly(largest);
    assertThat(builder.isEmpty()).isTrue();
  }

  @Test
  void endsABatchBeforeItsHeaderOrItsTopicsOutgrowTheirLimits() {
    BatchBuilder builder = new BatchBuilder(16 << 20);
    int count = 0;
    while (builder.add(Message.of("t".repeat(1000) + count, ""))) {
      count++;
    }
    Batch batch = builder.build(0, Bytes.wrap(new byte[BatchHeader.MAX_ORIGIN_BYTES]));

    Bytes sent = BatchHeader.withSource(new BatchSource("a".repeat(255), 1), batch.header());
    assertThat(BatchHeader.decode(sent).topics()).hasSize(count);

    int topics = 0;
    while (builder.add(Message.of("t" + topics, ""))) {
      topics++;
    }
    assertThat(topics).isEqualTo(BatchHeader.MAX_TOPICS);
  }

  @Test
  void storesWhatDoesNotGetSmallerAsItIs() {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    byte[] noise = new byte[1000];
    Seeds.random("BatchCodecTest", 1).nextBytes(noise);
    builder.add(Message.of("t", Bytes.wrap(noise)));
    assertThat(builder.build(3, Bytes.EMPTY).codec()).isEqualTo(Codec.NONE);

    builder.add(Message.of("t", Bytes.wrap(new byte[4 << 20])));
    Batch zeroes = builder.build(3, Bytes.EMPTY);
    assertThat(zeroes.codec()).isEqualTo(Codec.ZSTD);
    assertThat(BatchReader.read(zeroes)).hasSize(1);
  }

  private static void assertMalformed(Batch batch) {
    assertThatThrownBy(() -> BatchReader.read(batch))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
  }
}
