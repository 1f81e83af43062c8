package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static dev.weir.testkit.Eventually.eventuallyPresent;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.flow.Backoff;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Codec;
import dev.weir.message.Dictionary;
import dev.weir.proto.DictionaryAnswer;
import dev.weir.proto.DictionaryPublication;
import dev.weir.proto.DictionaryVerdict;
import dev.weir.proto.Frame;
import dev.weir.proto.Nack;
import dev.weir.proto.NackReason;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a core does with frames that are not as they should be.
final class FrameIntakeTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);
  private static final ByteSize SMALL_FRAME = ByteSize.ofKibibytes(64);

  private final MemoryStore store = new MemoryStore(1_000);
  private TestCore core = start();
  private RawStream client = new RawStream(core.port());

  private TestCore start() {
    LinkServerConfig config =
        LinkServerConfig.of("core-1")
            .withLimits(SMALL_FRAME, ByteSize.ofKibibytes(64), ByteSize.ofMebibytes(1));
    return TestCore.start(config, store, Clock.SYSTEM);
  }

  @BeforeEach
  void hello() {
    client.hello("raw", 1);
  }

  @AfterEach
  void close() {
    client.close();
    core.close();
    store.close();
  }

  private Nack nack() {
    eventually("a nack", () -> !client.nacks().isEmpty());
    return client.nacks().getLast();
  }

  @Test
  void passesTheSequenceOfAFrameThatCannotBeDecoded() {
    client.sendFrame(RawStream.sealed(RawStream.frame(1, "x").setCodec(99)));
    client.sendFrame(RawStream.frame(2, "behind it"));

    eventually("both are acked", () -> client.acked() == 2);
    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_INVALID);
    assertThat(nack().getSequence()).isEqualTo(1);
    assertThat(nack().getDetail()).startsWith("WEIR-7002: Codec 99 is unknown");
    assertThat(store.bodies()).containsExactly("behind it");
    assertThat(store.order(new BatchSource("raw", 1), 0)).containsExactly(1L, 2L);
  }

  @Test
  void passesTheSequenceThatTheStoreRefuses() {
    Frame.Builder nonsense = RawStream.frame(1, "x").setRawLength(4);
    nonsense.setPayload(ByteString.copyFromUtf8("nons"));
    client.sendFrame(RawStream.sealed(nonsense));
    client.sendFrame(RawStream.frame(2, "behind it"));

    eventually("both are acked", () -> client.acked() == 2);
    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_INVALID);
    assertThat(store.bodies()).containsExactly("behind it");
  }

  @Test
  void refusesABombForItsClaimAlone() {
    Frame.Builder bomb = RawStream.frame(1, "x").setCodec(Codec.ZSTD.number());
    client.sendFrame(RawStream.sealed(bomb.setRawLength(16 << 20)));

    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_INVALID);
    assertThat(nack().getDetail()).startsWith("WEIR-7004");
    client.sendFrame(RawStream.sealed(RawStream.frame(2, "x").setRawLength(-1)));
    eventually("the second is refused", () -> client.nacks().size() == 2);
    assertThat(nack().getDetail()).contains("4294967295 bytes");
  }

  @Test
  void refusesAFrameBeyondTheLimit() {
    Frame.Builder large = RawStream.frame(1, "x".repeat(100_000));
    client.sendFrame(large);

    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_TOO_LARGE);
    assertThat(nack().getDetail()).contains("at most 65536");
  }

  @Test
  void asksAgainForAFrameThatWasDamagedOnTheWay() {
    client.sendFrame(RawStream.frame(1, "x").setCrc32C(1));
    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_NOT_STORED);
    client.sendFrame(RawStream.frame(2, "behind it is void"));
    client.sendFrame(RawStream.frame(1, "again"));

    eventually("acked", () -> client.acked() == 1);
    assertThat(client.nacks()).hasSize(1);
    assertThat(store.bodies()).containsExactly("again");
  }

  @Test
  void closesAtTheThirdBadFrameInARow() {
    for (int sequence = 1; sequence <= 3; sequence++) {
      client.sendFrame(RawStream.sealed(RawStream.frame(sequence, "x").setCount(1 << 17)));
    }

    assertThat(eventuallyPresent("the end", client::end).getDescription())
        .contains("Three bad frames in a row");
    assertThat(client.nacks()).hasSize(3);
    eventually(
        "all three are passed",
        () -> store.order(new BatchSource("raw", 1), 0).equals(List.of(1L, 2L, 3L)));
  }

  @Test
  void asksForWhatIsMissingOnceAndDropsWhatIsVoid() {
    client.sendFrame(RawStream.frame(2, "two"));
    client.sendFrame(RawStream.frame(3, "three"));
    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_NOT_STORED);
    assertThat(nack().getSequence()).isEqualTo(1);
    client.sendFrame(RawStream.frame(1, "one"));
    client.sendFrame(RawStream.frame(2, "two"));

    eventually("acked", () -> client.acked() == 2);
    assertThat(client.nacks()).hasSize(1);
    assertThat(store.bodies()).containsExactly("one", "two");
  }

  @Test
  void acksAFrameThatComesAgainWithoutStoringItAgain() {
    client.sendFrame(RawStream.frame(1, "one"));
    eventually("acked", () -> client.acked() == 1);
    int known = client.responses().size();
    client.sendFrame(RawStream.frame(1, "one"));

    eventually("acked again", () -> client.responses().size() > known);
    assertThat(store.bodies()).containsExactly("one");
    assertThat(core.link().stats().duplicates()).isEqualTo(1);
  }

  @Test
  void asksForAnUnknownDictionary() {
    client.sendFrame(RawStream.frame(1, "x").setDictionaryId(7));

    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_UNKNOWN_DICTIONARY);
    client.sendFrame(RawStream.frame(1, "without it"));
    eventually("acked", () -> client.acked() == 1);
  }

  private static DictionaryPublication.Builder publication(Dictionary dictionary) {
    return DictionaryPublication.newBuilder()
        .setId(dictionary.id())
        .setSha256(FrameCodec.wrap(dictionary.sha256()));
  }

  private void publish(DictionaryPublication.Builder publication) {
    client.send(Request.newBuilder().setVersion(2).setDictionary(publication).build());
  }

  private List<DictionaryAnswer> answers() {
    return client.responses().stream()
        .filter(Response::hasDictionaryAccepted)
        .map(Response::getDictionaryAccepted)
        .toList();
  }

  @Test
  void knowsOnlyTheDictionariesThatTheSessionHasShownToKnow() {
    store.with(new MemoryShelf(MemoryShelf.ALPHA));
    Batch batch = MemoryShelf.batch(1);

    client.sendFrame(FrameCodec.encode(0, 1, batch).getFrame().toBuilder());
    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_UNKNOWN_DICTIONARY);
    publish(publication(MemoryShelf.ALPHA).setSha256(ByteString.copyFromUtf8("another")));
    publish(publication(MemoryShelf.ALPHA));
    client.sendFrame(FrameCodec.encode(0, 1, batch).getFrame().toBuilder());

    eventually("acked", () -> client.acked() == 1);
    assertThat(answers())
        .extracting(DictionaryAnswer::getVerdict)
        .containsExactly(
            DictionaryVerdict.DICTIONARY_VERDICT_UNKNOWN,
            DictionaryVerdict.DICTIONARY_VERDICT_ACCEPTED);
  }

  @Test
  void endsAStreamThatPublishesNonsense() {
    store.with(new MemoryShelf());
    ByteString good = FrameCodec.wrap(MemoryShelf.ALPHA.bytes());
    publish(publication(MemoryShelf.OMEGA).setContent(good));
    publish(publication(MemoryShelf.ALPHA).setContent(good.substring(0, good.size() - 1)));
    eventually("both are answered", () -> answers().size() == 2);
    publish(publication(MemoryShelf.ALPHA).setContent(ByteString.copyFromUtf8("nonsense")));

    eventually("the stream ends", () -> client.end() != null);
    assertThat(core.link().stats().refusedDictionaries()).isEqualTo(3);
    assertThat(answers())
        .extracting(DictionaryAnswer::getVerdict)
        .containsOnly(DictionaryVerdict.DICTIONARY_VERDICT_REFUSED);
  }

  @Test
  void queuesNoMoreThanTheCreditAndAFrame() {
    store.pause(true);
    long credit =
        client.responses().stream()
            .filter(Response::hasWelcome)
            .findFirst()
            .orElseThrow()
            .getWelcome()
            .getCreditLimitBytes();
    assertThat(credit).isEqualTo(1 << 20);
    for (int sequence = 1; sequence <= 40; sequence++) {
      client.sendFrame(RawStream.frame(sequence, "x".repeat(60_000)));
    }

    assertThat(nack().getReason()).isEqualTo(NackReason.NACK_REASON_OVERFLOW);
    assertThat(store.highestQueuedBytes()).isBetween(credit, credit + 65_536);
    assertThat(core.link().stats().queuedBytes()).isLessThanOrEqualTo(credit + 65_536);
    assertThat(core.link().stats().overCredit()).isEqualTo(1);
    store.pause(false);
    eventually("what was taken is acked", () -> client.acked() == nack().getSequence() - 1);
    eventually("credit follows", () -> client.responses().stream().anyMatch(Response::hasCredit));
  }

  @Test
  void aSenderStaysWithinTheCreditOfASlowStore() {
    MemoryLane lane = new MemoryLane(0);
    for (int i = 0; i < 60; i++) {
      lane.add("t", "x".repeat(50_000));
    }
    store.pause(true);
    try (LinkClient link = connect(lane)) {
      eventually("the credit is used up", () -> link.stats().creditBytes() == 0);
      assertThat(store.highestQueuedBytes()).isLessThanOrEqualTo((1 << 20) + 65_536);
      store.pause(false);

      eventually("settled", lane::isSettled);
      assertThat(core.link().stats().overCredit()).isZero();
      assertThat(link.stats().resentFrames()).isZero();
    }
  }

  private LinkClient connect(MemoryLane lane) {
    return LinkClient.start(
        LinkClientConfig.of(List.of(core.uri()), SOURCE).withBackoff(FAST),
        List.of(lane),
        Clock.SYSTEM,
        new SplittableRandom(1),
        LinkListener.NONE);
  }

  @Test
  void holdsWhatAFullStoreDoesNotTakeAndGoesOnWhenItDoes() {
    MemoryStore tiny = new MemoryStore(3);
    MemoryLane lane = new MemoryLane(0);
    for (int i = 1; i <= 200; i++) {
      lane.add("t", "m" + i);
    }
    tiny.pause(true);
    try (TestCore tinyCore = TestCore.start(LinkServerConfig.of("core-2"), tiny, Clock.SYSTEM);
        LinkClient link =
            LinkClient.start(
                LinkClientConfig.of(List.of(tinyCore.uri()), SOURCE),
                List.of(lane),
                Clock.SYSTEM,
                new SplittableRandom(1),
                LinkListener.NONE)) {
      eventually("all arrived", () -> tinyCore.link().stats().frames() == 200);
      assertThat(tiny.queued()).isEqualTo(3);
      tiny.pause(false);

      eventually("settled", lane::isSettled);
      assertThat(tiny.bodies()).hasSize(200).startsWith("m1", "m2").endsWith("m200");
      assertThat(link.stats().resentFrames()).isZero();
    } finally {
      tiny.close();
    }
  }

  @Test
  void sendsAgainWhatTheStoreFailedToStore() {
    MemoryLane lane = new MemoryLane(0);
    store.failNext(2);
    try (LinkClient link = connect(lane)) {
      for (int i = 1; i <= 50; i++) {
        lane.add("t", "m" + i);
        link.wake();
      }

      eventually("settled", lane::isSettled);
      assertThat(store.bodies()).hasSize(50).doesNotHaveDuplicates();
      assertThat(link.stats().resentFrames()).isGreaterThan(0);
      assertThat(link.stats().sessions()).isEqualTo(1);
      assertThat(lane.refused()).isEmpty();
    }
  }

  @Test
  void tellsTheSourceWhatWillNeverBeStoredAndGoesOn() {
    MemoryLane lane = new MemoryLane(0);
    lane.add("t", "first");
    lane.add("t", "x".repeat(100_000));
    lane.addLost();
    lane.add(new Batch(Codec.NONE, 1, 4, Bytes.EMPTY, Bytes.utf8("nons")));
    for (int i = 0; i < 5; i++) {
      lane.add("t", "y".repeat(90_000));
    }
    lane.add("t", "last");
    try (LinkClient link = connect(lane)) {
      eventually("settled", lane::isSettled);

      assertThat(store.bodies()).containsExactly("first", "last");
      assertThat(lane.refused()).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
      eventually("counted", () -> link.stats().refusedFrames() == 8);
      assertThat(link.stats().sessions()).isEqualTo(1);
      assertThat(lane.offsets()).containsExactly(10L, -1L, -1L, -1L, -1L, -1L, -1L, -1L, -1L, 100L);
    }
  }
}
