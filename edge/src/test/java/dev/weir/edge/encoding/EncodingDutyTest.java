package dev.weir.edge.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.edge.StillUplink;
import dev.weir.flow.LimitedBy;
import dev.weir.link.DictionaryOffer;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Dictionary;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EncodingDutyTest {
  private static final TrainingLimits LIMITS =
      new TrainingLimits(
          4 << 10,
          64 << 10,
          32 << 10,
          8,
          2,
          256 << 10,
          Duration.ofMinutes(10),
          Duration.ofSeconds(30));

  private final ManualClock clock = new ManualClock();
  private final SplittableRandom random = new SplittableRandom(7);
  private final Core core = new Core();
  private final StillUplink uplink = new StillUplink();
  private AdaptiveEncoder encoder = encoder(CompressionPolicy.AUTO);
  private EncodingDuty duty = duty(CompressionPolicy.AUTO);

  /// Remembers what it is asked.
  private static final class Core implements DictionaryExchange {
    private final List<Dictionary> offers = new ArrayList<>();
    private final List<DictionaryOffer> fetches = new ArrayList<>();

    @Override
    public void offer(Dictionary dictionary, String dataClass) {
      assertThat(dataClass).isEqualTo("plant/a");
      offers.add(dictionary);
    }

    @Override
    public void fetch(DictionaryOffer offer) {
      fetches.add(offer);
    }
  }

  private AdaptiveEncoder encoder(CompressionPolicy policy) {
    return new AdaptiveEncoder(policy, LIMITS, clock, new SplittableRandom(1));
  }

  private EncodingDuty duty(CompressionPolicy policy) {
    return new EncodingDuty(policy, encoder, LIMITS, core, uplink::stats, clock);
  }

  private Batch encode(String text) {
    BatchBuilder builder = new BatchBuilder(1 << 20);
    builder.add(Message.of("plant/a/b", text));
    return encoder.encode(builder, Bytes.EMPTY);
  }

  private String labels(String word) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      text.append('"').append(word).append("-region-").append(random.nextInt(40));
      text.append("\":\"").append(word).append("-value-").append(random.nextInt(1000)).append('"');
    }
    return text.toString();
  }

  private String noise() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      text.append((char) (' ' + random.nextInt(90)));
    }
    return text.toString();
  }

  private void pass(Duration time) {
    clock.advance(time);
    duty.step();
  }

  private EncodingStats.ClassStats only() {
    assertThat(duty.stats().classes()).hasSize(1);
    return duty.stats().classes().getFirst();
  }

  private void feed(int batches, String word) {
    for (int i = 0; i < batches; i++) {
      encode(labels(word));
    }
  }

  private Dictionary adopt(String word) {
    feed(300, word);
    pass(Duration.ofSeconds(31));
    Dictionary dictionary = core.offers.getLast();
    duty.listener().accepted(dictionary);
    return dictionary;
  }

  @Test
  void usesADictionaryOnlyOnceTheCoreHasIt() {
    feed(300, "x");
    pass(Duration.ofSeconds(29));
    assertThat(core.offers).isEmpty();
    pass(Duration.ofSeconds(2));

    assertThat(core.offers).hasSize(1);
    assertThat(only().phase()).isEqualTo("offered");
    assertThat(encode(labels("x")).dictionary()).isEmpty();
    duty.listener().accepted(core.offers.getFirst());

    Batch batch = encode(labels("x"));
    assertThat(batch.dictionary()).contains(core.offers.getFirst());
    assertThat(only().phase()).isEqualTo("in use");
    assertThat(only().dictionaryId()).isEqualTo(batch.dictionaryId());
    assertThat(duty.stats().adopted()).isEqualTo(1);
  }

  @Test
  void gainsNothingOnNoiseAndRestsLongerEachTime() {
    for (int minutes : new int[] {10, 20, 40}) {
      for (int i = 0; i < 200; i++) {
        encode(noise());
      }
      pass(Duration.ofSeconds(121));
      assertThat(only().phase()).isEqualTo("resting");
      pass(Duration.ofMinutes(minutes).minusSeconds(1));
      assertThat(only().phase()).isEqualTo("resting");
      pass(Duration.ofSeconds(2));
      assertThat(only().phase()).isEqualTo("gathering");
    }
    assertThat(core.offers).isEmpty();
    assertThat(duty.stats().declined()).isEqualTo(3);
    assertThat(encode(noise()).dictionary()).isEmpty();
  }

  @Test
  void gainsNothingWhereBatchesAreLarge() {
    for (int i = 0; i < 60; i++) {
      StringBuilder large = new StringBuilder();
      for (int k = 0; k < 120; k++) {
        large.append(labels("x"));
      }
      encode(large.toString());
    }
    pass(Duration.ofSeconds(121));

    assertThat(core.offers).isEmpty();
  }

  @Test
  void trainsAgainWhenTheDataChanged() {
    Dictionary first = adopt("x");
    feed(200, "x");
    pass(Duration.ofSeconds(1));
    assertThat(only().phase()).isEqualTo("in use");

    feed(200, "other");
    pass(Duration.ofSeconds(1));
    assertThat(only().phase()).isEqualTo("gathering");
    assertThat(encode(labels("other")).dictionary()).contains(first);

    Dictionary second = adopt("other");
    assertThat(second).isNotEqualTo(first);
    assertThat(encode(labels("other")).dictionary()).contains(second);
  }

  @Test
  void restsWhenTheCoreRefuses() {
    feed(300, "x");
    pass(Duration.ofSeconds(31));
    duty.listener().refused(core.offers.getFirst(), "no room");

    assertThat(only().phase()).isEqualTo("resting");
    assertThat(encode(labels("x")).dictionary()).isEmpty();
  }

  @Test
  void takesWhatAnotherEdgeTrained() {
    Dictionary theirs = adopt("x");
    DictionaryOffer offer =
        new DictionaryOffer(theirs.id(), theirs.sha256(), "plant/a", theirs.bytes().length());
    encoder = encoder(CompressionPolicy.AUTO);
    duty = duty(CompressionPolicy.AUTO);
    duty.listener().offered(List.of(offer, new DictionaryOffer(40_000, Bytes.EMPTY, "else", 9)));

    feed(100, "x");
    pass(Duration.ofSeconds(1));
    assertThat(core.fetches).containsExactly(offer);
    duty.listener().fetched(theirs);
    pass(Duration.ofSeconds(1));

    assertThat(encode(labels("x")).dictionary()).contains(theirs);
    assertThat(duty.stats().trained()).isZero();
  }

  @Test
  void declinesWhatAnotherEdgeTrainedOnOtherData() {
    Dictionary theirs = adopt("x");
    encoder = encoder(CompressionPolicy.AUTO);
    duty = duty(CompressionPolicy.AUTO);
    duty.listener()
        .offered(List.of(new DictionaryOffer(theirs.id(), theirs.sha256(), "plant/a", 4096)));
    feed(100, "quite/different");
    pass(Duration.ofSeconds(1));
    duty.listener().fetched(theirs);
    pass(Duration.ofSeconds(1));

    assertThat(only().phase()).isEqualTo("gathering");
    assertThat(duty.stats().declined()).isEqualTo(1);
  }

  @Test
  void followsTheBottleneckWithItsLevel() {
    uplink.limitedBy(LimitedBy.TRANSPORT);
    for (int i = 0; i < 120; i++) {
      pass(Duration.ofMillis(100));
    }

    assertThat(duty.stats().zstdLevel()).isEqualTo(6);
  }

  @Test
  void keepsALevelThatWasSet() {
    CompressionPolicy fixed = new CompressionPolicy(OptionalInt.of(9), false);
    encoder = encoder(fixed);
    duty = duty(fixed);
    uplink.limitedBy(LimitedBy.WINDOW);
    for (int i = 0; i < 120; i++) {
      pass(Duration.ofMillis(100));
    }
    feed(300, "x");
    pass(Duration.ofSeconds(200));

    assertThat(duty.stats().zstdLevel()).isEqualTo(9);
    assertThat(duty.stats().classes()).isEmpty();
    assertThat(core.offers).isEmpty();
  }

  @Test
  void boundsTheClassesOfData() {
    for (String topic : List.of("a/b/c", "a/b/d", "c", "d/e")) {
      BatchBuilder builder = new BatchBuilder(1 << 20);
      builder.add(Message.of(topic, "x"));
      encoder.encode(builder, Bytes.EMPTY);
    }

    assertThat(duty.stats().classes())
        .extracting(EncodingStats.ClassStats::name)
        .containsExactly("a/b", "c");
  }

  @Test
  void looksOnceASecondWhileNothingIsEncodedAndNothingIsOnItsWay() {
    uplink.settle();
    duty.step();

    assertThat(duty.idleNanos()).isEqualTo(1_000_000_000L);
  }

  @Test
  void looksOftenWhileSomethingIsOnItsWayOrEncoded() {
    duty.step();
    assertThat(duty.idleNanos()).isEqualTo(100_000_000L);

    uplink.settle();
    encode("as busy as can be");
    duty.step();

    assertThat(duty.idleNanos()).isEqualTo(100_000_000L);
  }
}
