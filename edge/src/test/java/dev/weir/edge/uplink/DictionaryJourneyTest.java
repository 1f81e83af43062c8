package dev.weir.edge.uplink;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.edge.encoding.AdaptiveEncoder;
import dev.weir.edge.encoding.CompressionPolicy;
import dev.weir.edge.encoding.EncodingDuty;
import dev.weir.edge.encoding.Trained;
import dev.weir.edge.encoding.TrainingLimits;
import dev.weir.edge.spool.FrameListener;
import dev.weir.edge.spool.Spool;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.edge.spool.SpoolFrame;
import dev.weir.link.LinkListener;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dictionary's way: trained here, made durable by a core, used, stored in the spool, and taken
/// to a core that never saw it.
final class DictionaryJourneyTest {
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

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final List<String> written = new ArrayList<>();

  private Spool spool() throws IOException {
    SpoolConfig config =
        SpoolConfig.of(directory.resolve("spool")).withFreeDiskFloor(new ByteSize(0));
    return Spool.open(config, "site", new FileDisk(), Clock.SYSTEM, new SplittableRandom(2));
  }

  private static Uplink uplink(Spool spool, URI... targets) {
    Uplink uplink =
        LinkUplink.starter(
                UplinkConfig.of(List.of(targets)),
                Clock.SYSTEM,
                new SplittableRandom(1),
                LinkListener.NONE)
            .start(spool.source(), spool.lanes());
    spool.addWake(uplink::wake);
    return uplink;
  }

  private EncodingDuty duty(AdaptiveEncoder encoder, Uplink uplink) {
    EncodingDuty duty =
        new EncodingDuty(CompressionPolicy.AUTO, encoder, LIMITS, uplink, uplink::stats, clock);
    uplink.listen(duty.listener());
    return duty;
  }

  private AdaptiveEncoder encoder() {
    return new AdaptiveEncoder(CompressionPolicy.AUTO, LIMITS, clock, new SplittableRandom(3));
  }

  private int write(AdaptiveEncoder encoder, Spool spool, int count) {
    int withDictionary = 0;
    for (int i = 0; i < count; i++) {
      BatchBuilder builder = new BatchBuilder(64 << 10);
      String text = Trained.text("x", written.size());
      written.add(text);
      builder.add(Message.of("plant/a/b", text));
      Batch batch = encoder.encode(builder, Bytes.EMPTY);
      withDictionary += batch.dictionary().isPresent() ? 1 : 0;
      eventually("there is room", () -> spool.offer(frame(batch)));
    }
    eventually("all is durable", () -> spool.stats().nextSequence() == written.size() + 1);
    return withDictionary;
  }

  private static SpoolFrame frame(Batch batch) {
    return new SpoolFrame(
        Optional.of(batch),
        Map.of(),
        false,
        new FrameListener() {
          @Override
          public void durable() {}

          @Override
          public void failed(WeirException cause) {
            throw new AssertionError(cause);
          }
        });
  }

  @Test
  @SuppressWarnings("try") // the first core goes away in between
  void isUsedOnceACoreHasItAndGoesToTheNextCore() throws IOException {
    LinkedCore.Store store = new LinkedCore.Store();
    LinkedCore.Store next = new LinkedCore.Store();
    int first;
    try (LinkedCore core = new LinkedCore(store);
        LinkedCore other = new LinkedCore(next);
        Spool spool = spool();
        Uplink uplink = uplink(spool, core.uri(), other.uri())) {
      AdaptiveEncoder encoder = encoder();
      EncodingDuty duty = duty(encoder, uplink);
      assertThat(write(encoder, spool, 400)).isZero();
      clock.advance(Duration.ofSeconds(31));
      duty.step();
      eventually("it is in use", () -> duty.stats().adopted() == 1);

      first = write(encoder, spool, 200);
      assertThat(first).isEqualTo(200);
      eventually("the first core has acked all", () -> spool.stats().unackedMessages() == 0);
      assertThat(store.batchesWithDictionary()).isEqualTo(200);
      core.close();

      write(encoder, spool, 100);
      assertThat(uplink.drain(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(store.bodies()).isEqualTo(written.subList(0, 600));
    assertThat(next.bodies()).isEqualTo(written.subList(600, 700));
    assertThat(next.batchesWithDictionary()).isEqualTo(100);
  }

  @Test
  void comesBackFromTheCoreAfterAStart() throws IOException {
    LinkedCore.Store store = new LinkedCore.Store();
    store.dictionaries().keep(Trained.on("x"), "plant/a");
    try (LinkedCore core = new LinkedCore(store);
        Spool spool = spool();
        Uplink uplink = uplink(spool, core.uri())) {
      AdaptiveEncoder encoder = encoder();
      EncodingDuty duty = duty(encoder, uplink);
      write(encoder, spool, 100);

      eventually(
          "it is in use",
          () -> {
            duty.step();
            return duty.stats().adopted() == 1;
          });
      assertThat(duty.stats().trained()).isZero();
      assertThat(write(encoder, spool, 10)).isEqualTo(10);
      assertThat(uplink.drain(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(store.bodies()).isEqualTo(written);
  }
}
