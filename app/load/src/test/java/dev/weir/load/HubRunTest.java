package dev.weir.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/// Runs over a hub in this process that can be told to do wrong.
final class HubRunTest {
  private static final Duration TIME = Duration.ofMillis(150);

  /// Hands each message on at once, on the sender's thread.
  private static final class OwnHub implements Hub {
    private LongPredicate isLost = _ -> false;
    private LongPredicate isDoubled = _ -> false;
    private boolean isDamaging;

    @Override
    public Route fanOut(String name, int readers, Reader reader) {
      return new Own(readers, false, reader);
    }

    @Override
    public Route queue(String name, int readers, Reader reader) {
      return new Own(readers, true, reader);
    }

    @Override
    public void close() {}

    private final class Own implements Route {
      private final int readers;
      private final boolean isShared;
      private final Reader reader;

      Own(int readers, boolean isShared, Reader reader) {
        this.readers = readers;
        this.isShared = isShared;
        this.reader = reader;
      }

      @Override
      public void send(byte[] body, Outcome outcome) {
        long sequence = Bodies.sequence(body, 0);
        body[0] = (byte) (isDamaging ? ~body[0] : body[0]);
        for (int i = 0; i < readers && !isLost.test(sequence); i++) {
          if (!isShared || sequence % readers == i) {
            reader.received(i, body, 0, body.length);
            if (isDoubled.test(sequence)) {
              reader.received(i, body, 0, body.length);
            }
          }
        }
        outcome.accepted(1);
      }

      @Override
      public void close() {}
    }
  }

  private final OwnHub hub = new OwnHub();

  private HubFigures run(boolean isQueue, int readers, int perSecond) throws Exception {
    HubPlan plan = new HubPlan(isQueue, readers, 64, TIME, perSecond, 16);
    return new HubRun(plan, TIME).run(hub, "t");
  }

  @Test
  void countsEachDeliveryToEachReader() throws Exception {
    HubFigures figures = run(false, 3, 1_000);

    assertThat(figures.isClean()).isTrue();
    assertThat(figures.sent()).isEqualTo(150);
    assertThat(figures.deliveries()).isEqualTo(3 * figures.sent());
    assertThat(figures.perSecond()).isPositive();
  }

  @Test
  void countsEachMessageOfAQueueOnce() throws Exception {
    HubFigures figures = run(true, 4, 1_000);

    assertThat(figures.isClean()).isTrue();
    assertThat(figures.deliveries()).isEqualTo(figures.sent());
  }

  @Test
  void sendsAsManyAsTheWindowLetsOut() throws Exception {
    assertThat(run(false, 1, 0).sent()).isGreaterThan(150);
  }

  @Test
  void seesWhatIsLostAndDoubled() throws Exception {
    hub.isLost = sequence -> sequence == 7;
    hub.isDoubled = sequence -> sequence == 3 || sequence == 4;

    HubFigures figures = run(false, 2, 1_000);

    assertThat(figures.lost()).isEqualTo(2);
    assertThat(figures.doubled()).isEqualTo(4);
    assertThat(figures.isClean()).isFalse();
  }

  @Test
  void seesWhatAQueueHandsOutTwice() throws Exception {
    hub.isDoubled = sequence -> sequence == 3;

    assertThat(run(true, 1, 1_000).doubled()).isEqualTo(1);
  }

  @Test
  void refusesARunInWhichNothingCame() {
    hub.isLost = _ -> true;
    hub.isDamaging = true;

    assertThatThrownBy(() -> run(true, 1, 1_000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nothing was delivered");
  }

  @Test
  void ordersTheMessagesOfAnOnlyConsumer() {
    QueueAudit audit = new QueueAudit(1);
    for (long sequence : new long[] {0, 2, 1, 3}) {
      audit.received(0, sequence);
    }

    assertThat(audit.verdict(5)).isEqualTo(new Audit.Verdict(4, 1, 0, 1, 0));
  }

  @Test
  void tellsADamagedBody() {
    Bodies bodies = new Bodies(64, 7);
    byte[] body = bodies.body(5, 9);

    assertThat(bodies.isWhole(body, 0, 64)).isTrue();
    assertThat(bodies.isWhole(body, 0, 63)).isFalse();
    body[7] ^= 1;
    assertThat(bodies.isWhole(body, 0, 64)).isFalse();
    assertThatThrownBy(() -> new Bodies(23, 7)).hasMessageContaining("at least 24");
  }

  @Test
  void readsItsOwnWords() throws Exception {
    HubFigures figures = run(true, 2, 1_000);
    HubPlan plan = new HubPlan(true, 8, 1024, TIME, 500, 4_096);

    assertThat(HubFigures.parse(figures.words())).isEqualTo(figures);
    assertThat(HubPlan.parse(List.of(plan.words().split(" ", -1)))).isEqualTo(plan);
    assertThatThrownBy(() -> HubPlan.parse(List.of("pool", "1")))
        .hasMessageContaining("unknown: [pool, 1]");
  }
}
