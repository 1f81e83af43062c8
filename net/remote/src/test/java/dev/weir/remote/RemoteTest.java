package dev.weir.remote;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.remote.Ends.Way;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every mode over every transport, and what becomes of messages when connections are lost.
final class RemoteTest {
  /// `-Dweir.remote.reconnects=10000` makes the long campaign.
  private static final int RECONNECTS = Integer.getInteger("weir.remote.reconnects", 120);

  /// Messages between two forced reconnects of the long campaign.
  private static final int EVERY = Integer.getInteger("weir.remote.every", 100);

  @ParameterizedTest
  @EnumSource(Way.class)
  void everyMessageIsAnsweredInEveryMode(Way way) throws Exception {
    for (RemoteMode mode : RemoteMode.values()) {
      try (Ends ends = new Ends(Seeds.random("RemoteTest"), 10);
          Remote remote = ends.remote(way, mode, 8, Runnable::run)) {
        Heard heard = new Heard();
        send(remote, heard, 0, 100);

        assertThat(heard.await(100).replies()).isEqualTo(numbers(100));
        assertThat(ends.handled()).isEqualTo(numbers(100));
        assertThat(remote.counters().sent()).isEqualTo(100);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void reconnectsLoseNothingDoubleNothingAndKeepTheOrder(Way way) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Ends ends = new Ends(Seeds.random("RemoteTest"), 10);
        Remote remote = ends.remote(way, RemoteMode.IN_ORDER, 64, executor)) {
      Heard heard = new Heard();
      int count = RECONNECTS * EVERY;
      for (int from = 0; from < count; from += EVERY) {
        send(remote, heard, from, from + EVERY);
        remote.reconnect();
      }

      heard.await(count);
      assertThat(heard.failures()).isEmpty();
      assertThat(heard.replies()).isEqualTo(numbers(count));
      assertThat(ends.handled()).isEqualTo(numbers(count));
      assertThat(remote.counters().connected()).isGreaterThan(RECONNECTS / 4);
    }
  }

  @Test
  void aSessionGoesOnOverAnotherTransport() throws Exception {
    try (Ends ends = new Ends(Seeds.random("RemoteTest"), 1)) {
      byte[] session = Envelope.session(77, 4);
      List<Long> answered = new ArrayList<>();
      for (Way way : Way.values()) {
        RawLink link = new RawLink(ends.peer(way), session);
        link.send(0, 0).send(1, 0);
        eventually("both are answered over " + way, () -> link.numbers().size() == 2);
        answered.addAll(link.numbers());
        link.close();
      }

      assertThat(answered).containsExactly(0L, 1L, 0L, 1L, 0L, 1L);
      assertThat(ends.handled()).as("each was handled once").containsExactly(100L, 101L);
    }
  }

  @Test
  void manySendersShareABuffer() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Ends ends = new Ends(Seeds.random("RemoteTest"), 10);
        Remote remote = ends.remote(Way.WIRE, RemoteMode.ASYNC, 16, executor)) {
      Heard heard = new Heard();
      for (long i = 0; i < 2_000; i++) {
        long value = i;
        executor.execute(() -> {
          try {
            remote.send(Ends.message(value), heard);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
      }

      assertThat(heard.await(2_000).replies()).containsExactlyInAnyOrderElementsOf(numbers(2_000));
    }
  }

  @Test
  void tellsWhatThePeersHandlerThrows() throws Exception {
    try (Ends ends = new Ends(Seeds.random("RemoteTest"), 10);
        Remote remote = ends.remote(Way.WIRE, RemoteMode.IN_ORDER, 4, Runnable::run)) {
      Heard heard = new Heard();
      remote.send(Ends.message(-1), heard);
      remote.send(Ends.message(1), heard);

      assertThat(heard.await(2).failures()).singleElement().asString().contains("negative");
      assertThat(heard.replies()).containsExactly(1L);
    }
  }

  @Test
  void failsWhatIsUnansweredWhenItIsClosed() throws Exception {
    Heard heard = new Heard();
    Ends ends = new Ends(Seeds.random("RemoteTest"), 10);
    Remote remote = ends.remote(Way.WIRE, RemoteMode.ASYNC, 4, Runnable::run);
    ends.close();
    send(remote, heard, 0, 3);

    remote.close();

    assertThat(heard.count()).isEqualTo(3);
    assertThat(heard.replies()).isEmpty();
    assertThatThrownBy(() -> remote.send(Ends.message(1), heard))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void forgetsTheSessionThatWasLeftLongest() throws Exception {
    try (Ends ends = new Ends(Seeds.random("RemoteTest"), 2)) {
      for (int i = 0; i < 4; i++) {
        try (Remote remote = ends.remote(Way.WIRE, RemoteMode.ASYNC, 4, Runnable::run)) {
          Heard heard = new Heard();
          send(remote, heard, 0, 5);
          assertThat(heard.await(5).failures()).isEmpty();
        }
      }

      assertThat(ends.service().sessionCount()).isBetween(1, 2);
    }
  }

  @Test
  void refusesARemoteThatBreaksTheOrder() throws Exception {
    try (Ends ends = new Ends(Seeds.random("RemoteTest"), 2)) {
      for (Way way : Way.values()) {
        RawLink link = new RawLink(ends.peer(way), Envelope.session(way.name().length(), 4));

        link.send(0, 0).send(2, 0);

        eventually(way + " is refused", () -> !link.isOpen());
        assertThat(link.numbers()).hasSizeLessThan(2);
        link.close();
      }
    }
  }

  private static void send(Remote remote, Heard heard, int from, int to)
      throws InterruptedException {
    for (int i = from; i < to; i++) {
      remote.send(Ends.message(i), heard);
    }
  }

  private static List<Long> numbers(int count) {
    return LongStream.range(0, count).boxed().toList();
  }

  /// A connection whose messages are numbered by hand: message N has the body 100 + N.
  private static final class RawLink implements PeerLink.Listener {
    private final List<Long> numbers = new ArrayList<>();
    private final PeerLink link;

    RawLink(Peer peer, byte[] session) throws IOException, InterruptedException {
      link = peer.connect(session, this);
    }

    RawLink send(long number, long confirmed) {
      PendingMessage message = new PendingMessage(Ends.message(100 + number), new Heard());
      message.number(number);
      link.send(List.of(message), confirmed);
      return this;
    }

    synchronized List<Long> numbers() {
      return List.copyOf(numbers);
    }

    boolean isOpen() {
      return link.isOpen();
    }

    void close() {
      link.close();
      eventually("the connection is closed", () -> !link.isOpen());
    }

    @Override
    public synchronized void onAnswer(
        long number, byte kind, byte[] bytes, int offset, int length) {
      numbers.add(number);
    }

    @Override
    public void onDraining() {}

    @Override
    public void onLost(String why) {}

    @Override
    public void onRoom() {}
  }
}
