package dev.weir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.flow.SimConnection.Request;
import dev.weir.flow.SimConnection.Response;
import dev.weir.testkit.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Both version 2 machines in conversation over connections that break, with a store that fails,
/// frames that are refused and orders that contradict each other. Whatever happens: each sequence
/// is stored once and in order, nothing is acked that is not stored, every landing is one that its
/// cell allows, and once the trouble ends everything arrives without the help of a timeout.
final class ConversationWalkTest {
  private static final int WALKS = 500;
  private static final int STEPS = 3_000;

  /// What can come at any time from the owner or the world, in any state.
  private static final List<SenderEvent> SENDER_NOISE =
      List.of(
          SenderEvent.START,
          SenderEvent.BACKOFF_ELAPSED,
          SenderEvent.SPOOL_READY,
          SenderEvent.SPOOL_POISONED,
          SenderEvent.SPOOL_HOLE,
          SenderEvent.SPOOL_UNREADABLE,
          SenderEvent.TRANSPORT_UP,
          SenderEvent.ACK_TIMEOUT,
          SenderEvent.DICTIONARY_TRAINED,
          SenderEvent.HELLO_TIMEOUT,
          SenderEvent.ACK_TIMEOUT_AGAIN,
          SenderEvent.LIVENESS_TIMEOUT,
          SenderEvent.STALLED,
          SenderEvent.STOP,
          SenderEvent.DRAIN_DEADLINE,
          SenderEvent.TRANSPORT_DOWN);

  private static final List<SenderEvent> NOTICES =
      List.of(
          SenderEvent.REJECT_FATAL,
          SenderEvent.REJECT_BUSY,
          SenderEvent.REJECT_REDIRECT,
          SenderEvent.REJECT_SUPERSEDED,
          SenderEvent.GO_AWAY,
          SenderEvent.WELCOME_AHEAD,
          SenderEvent.WELCOME_FOREIGN,
          SenderEvent.DICTIONARY_ACCEPTED);

  /// One that was sent long ago and one that never will be.
  private static final List<Long> FORGED_SEQUENCES = List.of(1L, 10_000L);

  private static final List<ReceiverEvent> RECEIVER_NOISE =
      List.of(
          ReceiverEvent.HELLO_TIMEOUT,
          ReceiverEvent.HELLO_BAD,
          ReceiverEvent.QUEUE_LOW,
          ReceiverEvent.DICTIONARY_OFFERED,
          ReceiverEvent.QUEUE_HIGH,
          ReceiverEvent.SUPERSEDED,
          ReceiverEvent.LIVENESS_TIMEOUT,
          ReceiverEvent.STALLED,
          ReceiverEvent.TRANSPORT_DOWN,
          ReceiverEvent.DRAIN_ORDERED,
          ReceiverEvent.DRAIN_DEADLINE);

  private final FlowCounters counters = new FlowCounters();
  private RandomGenerator random = new SplittableRandom(0);
  private SimStore store = new SimStore();
  private SimSender sender = newSender();
  private SimReceiver receiver = newReceiver(sender.connection());

  @Test
  void storesEverythingOnceAndInOrderWhateverHappens() {
    RandomGenerator seeds = Seeds.random("ConversationWalkTest");
    for (int walk = 0; walk < WALKS; walk++) {
      random = new SplittableRandom(seeds.nextLong());
      store = new SimStore();
      sender = newSender();
      sender.append(1);
      receiver = newReceiver(sender.connection());
      for (int step = 0; step < STEPS; step++) {
        step(step);
        assertThat(sender.acked()).isLessThanOrEqualTo(store.durable());
      }
      endTrouble();
      settle();
      assertThat(sender.acked()).isEqualTo(sender.appended()).isEqualTo(store.durable());
      assertThat(sender.state()).isEqualTo(SenderState.IDLE);
    }
    assertThat(counters.sender().untouched()).hasSizeLessThan(40);
    assertThat(counters.receiver().untouched()).hasSizeLessThan(60);
  }

  private SimSender newSender() {
    return new SimSender(this::dial, counters);
  }

  private SimReceiver newReceiver(SimConnection connection) {
    return new SimReceiver(connection, store, random, counters);
  }

  private SimConnection dial() {
    SimConnection connection = new SimConnection();
    receiver.fire(ReceiverEvent.SUPERSEDED);
    receiver = newReceiver(connection);
    return connection;
  }

  private void step(int step) {
    switch (random.nextInt(100)) {
      case 0 -> noise();
      case 1 -> sender.connection().forge(new Response.Notice(oneOf(NOTICES)));
      case 2 -> receiver.fire(oneOf(RECEIVER_NOISE));
      case 3 -> breakOrMendStore();
      case 4 -> receiver.setOverQuota(random.nextBoolean());
      case 5 -> sender.setWritable(random.nextBoolean());
      case 6 -> mischief();
      case 7, 8, 9, 10, 11, 12, 13, 14 -> {
        // A lull now and then, so that the sender also falls idle.
        if (step % 1_000 < 600) {
          sender.append(1L + random.nextInt(1_500));
        }
      }
      default -> work();
    }
  }

  private void noise() {
    sender.fire(oneOf(SENDER_NOISE));
  }

  private void breakOrMendStore() {
    if (store.isBroken()) {
      store.recover();
      receiver.fire(ReceiverEvent.STORE_RECOVERED);
    } else if (random.nextInt(4) == 0) {
      store.fail();
      receiver.fire(ReceiverEvent.STORE_ERROR);
    }
  }

  private void mischief() {
    SimConnection connection = sender.connection();
    switch (random.nextInt(9)) {
      case 0 -> connection.dropFrame();
      case 1 -> connection.repeatFrame();
      case 2 -> connection.forge(new Response.Ack(10_000));
      case 3 ->
          connection.forge(new Response.Nack(SenderEvent.NACK_NOT_STORED, random.nextInt(2_000)));
      case 4 -> {
        if (sender.state() == SenderState.OPEN) {
          connection.forge(new Response.Welcome(0, 0));
        }
      }
      case 5 -> connection.forge(new Request.Hello());
      case 6 -> connection.forge(new Request.Frame(oneOf(FORGED_SEQUENCES), 1, true));
      case 7 -> connection.forge(new Response.Grant(Long.MAX_VALUE));
      default -> connection.cut();
    }
  }

  /// One thing that happens in a healthy conversation.
  private void work() {
    switch (random.nextInt(6)) {
      case 0, 1 -> sender.connection().nextRequest().ifPresent(receiver::onRequest);
      case 2 -> sender.connection().nextResponse().ifPresent(sender::onResponse);
      case 3 -> store.commit(1 + random.nextInt(3));
      case 4 -> connect();
      default -> load();
    }
  }

  private void connect() {
    if (sender.connection().isCut() && sender.connection().isQuiet()) {
      sender.fire(SenderEvent.TRANSPORT_DOWN);
    }
    switch (sender.state()) {
      case BACKOFF -> sender.fire(SenderEvent.BACKOFF_ELAPSED);
      case CONNECT -> sender.fire(SenderEvent.TRANSPORT_UP);
      case HALT -> sender.fire(SenderEvent.START);
      case HELLO, IDLE, OPEN, FULL, DRAIN -> {}
    }
  }

  /// What is stored of a lane is known once all that earlier sessions queued is stored.
  private void load() {
    if (receiver.state() == ReceiverState.RESUME && store.isQuiet()) {
      receiver.fire(ReceiverEvent.LANES_LOADED);
    }
  }

  private void endTrouble() {
    if (store.isBroken()) {
      store.recover();
    }
    sender.fire(SenderEvent.TRANSPORT_DOWN);
    receiver.fire(ReceiverEvent.TRANSPORT_DOWN);
  }

  /// Works on without any fault until nothing moves any more; no timeout helps.
  private void settle() {
    for (int round = 0; round < 20_000; round++) {
      connect();
      receiver.endFaults();
      sender.connection().nextRequest().ifPresent(receiver::onRequest);
      load();
      store.commit(2);
      sender.connection().nextResponse().ifPresent(sender::onResponse);
      if (sender.state() == SenderState.IDLE && sender.acked() == sender.appended()) {
        return;
      }
    }
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
