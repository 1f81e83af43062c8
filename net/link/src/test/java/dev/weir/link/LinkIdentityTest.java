package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.flow.Backoff;
import dev.weir.message.Batch;
import dev.weir.message.BatchSource;
import dev.weir.message.Codec;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// What a sender learns from a welcome: whether the frames that the core holds are its own, and
/// which of them were refused.
@ParameterizedClass
@ArgumentsSource(Over.Paths.class)
@Over(DirectPath.class)
public class LinkIdentityTest {
  private static final BatchSource SOURCE = new BatchSource("edge-1", 0x1234);
  private static final Backoff FAST = new Backoff(1_000_000, 20_000_000);

  private final LinkPath path;
  private final MemoryStore store = new MemoryStore(1_000);
  private final MemoryLane original = new MemoryLane(0);
  private final MemoryLane copy = new MemoryLane(0);
  private final States states = new States();

  protected LinkIdentityTest(LinkPath path) {
    this.path = path;
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private LinkCore core() {
    return path.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
  }

  private LinkClient connect(URI target, LaneSource... lanes) {
    LinkClientConfig config = path.config(List.of(target), SOURCE).withBackoff(FAST);
    return LinkClient.start(config, List.of(lanes), Clock.SYSTEM, new SplittableRandom(1), states);
  }

  private void ship(LinkCore core, MemoryLane lane) {
    try (LinkClient _ = connect(core.uri(), lane)) {
      eventually("settled", lane::isSettled);
    }
  }

  /// Frames that both have, from before the copy was made.
  private void addToBoth(int count) {
    for (int i = 0; i < count; i++) {
      Batch batch = MemoryLane.batch("t", "both " + i);
      original.add(batch);
      copy.add(batch);
    }
  }

  private ErrorCode haltCode() {
    eventually("halted", () -> states.isLast(LinkState.Halted.class));
    return ((LinkState.Halted) states.seen().getLast()).code();
  }

  @Test
  void aCopyHaltsBeforeItTakesTheOriginalsFramesForItsOwn() {
    addToBoth(3);
    original.add("t", "the original's 4");
    original.add("t", "the original's 5");
    for (int i = 4; i <= 8; i++) {
      copy.add("t", "the copy's " + i);
    }
    try (LinkCore core = core()) {
      ship(core, original);
      try (LinkClient client = connect(core.uri(), copy)) {
        assertThat(haltCode()).isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
        assertThat(client.stats().sentFrames()).isZero();
      }
    }
    assertThat(copy.firstUnacked()).isEqualTo(1);
    assertThat(store.bodies()).hasSize(5).doesNotContain("the copy's 4");
  }

  @Test
  void oneForeignLaneHaltsAllOfThemWhateverTheOthersAre() {
    addToBoth(3);
    MemoryLane live = new MemoryLane(1);
    live.add("t", "the original's 1 of lane 1");
    MemoryLane copiedLive = new MemoryLane(1);
    copiedLive.add("t", "the copy's 1 of lane 1");
    try (LinkCore core = core()) {
      ship(core, original);
      ship(core, live);
      copy.unreadable(true);
      try (LinkClient _ = connect(core.uri(), copiedLive, copy)) {
        assertThat(haltCode()).isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
      }
    }
    assertThat(copy.firstUnacked()).isEqualTo(1);
    assertThat(copiedLive.firstUnacked()).isEqualTo(1);
  }

  @Test
  void theOriginalHaltsWhenItsCopyCameFirst() {
    addToBoth(3);
    copy.add("t", "the copy's 4");
    try (LinkCore core = core()) {
      ship(core, copy);
      original.add("t", "the original's 4");
      original.add("t", "the original's 5");
      try (LinkClient _ = connect(core.uri(), original)) {
        assertThat(haltCode()).isEqualTo(ErrorCode.DUPLICATE_IDENTITY);
      }
    }
    assertThat(original.firstUnacked()).isEqualTo(1);
  }

  @Test
  void aCopyGoesOnAsLongAsTheCoreHoldsWhatBothHave() {
    addToBoth(5);
    try (LinkCore core = core()) {
      ship(core, original);
      copy.add("t", "the copy's 6");

      ship(core, copy);
    }
    assertThat(store.bodies()).hasSize(6).endsWith("the copy's 6");
    assertThat(store.copies()).isZero();
  }

  @Test
  void settlesNothingWhileItsOwnFrameCannotBeRead() {
    addToBoth(5);
    try (LinkCore core = core()) {
      ship(core, original);
      copy.unreadable(true);
      try (LinkClient client = connect(core.uri(), copy)) {
        eventually("it comes back", () -> states.count(LinkState.BackingOff.class) > 2);
        assertThat(copy.firstUnacked()).isEqualTo(1);
        assertThat(client.stats().sessions()).isZero();
        copy.unreadable(false);

        eventually("settled", copy::isSettled);
      }
    }
  }

  @Test
  void aFrameThatWasNeverSentCannotConvict() {
    original.add("t", "first");
    original.addLost();
    copy.add("t", "first");
    copy.add("t", "what the original had lost");
    try (LinkCore core = core()) {
      ship(core, original);

      ship(core, copy);
    }
    assertThat(store.bodies()).containsExactly("first");
  }

  @Test
  void tellsARefusalAgainWhoseNackWasLost() {
    try (LinkCore core = core();
        Relay relay = new Relay(core.port());
        LinkClient client = connect(path.uri(relay.port()), original)) {
      eventually("connected", () -> client.stats().sessions() == 1);
      relay.stallToClient();
      original.add("t", "first");
      original.add(new Batch(Codec.NONE, 1, 4, Bytes.EMPTY, Bytes.utf8("nons")));
      original.add("t", "last");
      client.wake();
      eventually("all are passed", () -> store.order(SOURCE, 0).size() == 3);
      assertThat(original.refused()).isEmpty();
      relay.cutAll();

      eventually("all are settled", original::isSettled);
      assertThat(original.refused()).containsExactly(2L);
      assertThat(store.bodies()).containsExactly("first", "last");
      eventually("counted", () -> client.stats().refusedFrames() == 1);
      assertThat(client.stats().resentFrames()).isZero();
    }
  }

  @Test
  void doesNotTellItOnceItIsSettled() {
    try (LinkCore core = core();
        Relay relay = new Relay(core.port());
        LinkClient client = connect(path.uri(relay.port()), original)) {
      original.add(new Batch(Codec.NONE, 1, 4, Bytes.EMPTY, Bytes.utf8("nons")));
      client.wake();
      eventually("settled", original::isSettled);
      relay.cutAll();
      original.add("t", "last");
      client.wake();

      eventually("settled", original::isSettled);
      assertThat(original.refused()).containsExactly(1L);
    }
  }
}
