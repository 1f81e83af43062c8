package dev.weir.edge.source;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.InFlightBytes.Reservation;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class WaitedStoreTest {
  private static final List<Message> MESSAGES = List.of(Message.of("a", "x".repeat(600_000)));

  private final ContextRig rig = new ContextRig();
  private final SourceMeter meter = new SourceMeter("test", "test");

  @Test
  void waitsForRoomInTheIntake() throws Exception {
    rig.waitedFor.offer(Delivery.of(MESSAGES, Map.of(), DeliveryListener.NONE));
    CompletableFuture<Boolean> stored = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> stored.complete(store()));

    rig.takeWaited(); // The one that was there.
    rig.takeWaited().listener().durable();

    assertThat(stored.get()).isTrue();
    assertThat(meter.stats().messageCount()).isEqualTo(1);
  }

  @Test
  void refusesWhenNoRoomComes() {
    rig.waitedFor.offer(Delivery.of(MESSAGES, Map.of(), DeliveryListener.NONE));

    assertRefused(ErrorCode.OVERLOADED);
    assertThat(meter.stats().messageCount()).isZero();
  }

  @Test
  void refusesWhenTheEdgeStops() throws Exception {
    rig.waitedFor.offer(Delivery.of(MESSAGES, Map.of(), DeliveryListener.NONE));
    CompletableFuture<Boolean> stored = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> stored.complete(store()));

    rig.waitedFor.close();

    assertThat(stored.get()).isFalse();
    assertRefused(ErrorCode.CONNECTION_LOST);
  }

  @Test
  void bytesInFlightComeBack() {
    InFlightBytes inFlight = new InFlightBytes(new ByteSize(100));
    try (Reservation first = inFlight.reserve(80)) {
      assertThatThrownBy(() -> inFlight.reserve(30)).isInstanceOf(WeirException.class);
      first.shrinkTo(50);
      try (Reservation second = inFlight.reserve(30)) {
        second.grow(20);
        assertThatThrownBy(() -> second.grow(1)).isInstanceOf(WeirException.class);
      }
      first.shrinkTo(90); // Never grows.
    }

    eventually("all of it is there", () -> isFree(inFlight, 100));
  }

  private static boolean isFree(InFlightBytes inFlight, int count) {
    try (Reservation all = inFlight.reserve(count)) {
      return Objects.nonNull(all);
    }
  }

  private boolean store() {
    try {
      new WaitedStore(rig.context(), meter, Duration.ofSeconds(20)).store(MESSAGES);
      return true;
    } catch (WeirException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void assertRefused(ErrorCode code) {
    WaitedStore store = new WaitedStore(rig.context(), meter, Duration.ofSeconds(20));
    assertThatThrownBy(() -> store.store(MESSAGES))
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
