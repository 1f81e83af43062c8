package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Credit, back-pressure and what threads share.
final class FlowTest {
  private static final int WINDOW = 64 << 10;

  private TestEnds ends = new TestEnds();
  private final Recorder client = new Recorder();
  private final Recorder server = new Recorder();
  private final List<WireStream> served = new CopyOnWriteArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    ends.close();
  }

  @Test
  void sendsNoMoreThanTheConsumerHasConsumed() throws Exception {
    restart(WireLimits.STANDARD.withWindows(new ByteSize(WINDOW), ByteSize.ofMebibytes(1)));
    serveByHand();
    WireStream stream = open("hold");
    for (int i = 0; i < 100; i++) {
      stream.send(Unpooled.wrappedBuffer(new byte[10_000]));
    }
    eventually("the window is full", () -> server.bytes.get() >= 60_000);
    assertThat(server.bytes.get()).isLessThanOrEqualTo(WINDOW + 10_000);
    assertThat(stream.isReady()).isFalse();

    eventually(
        "all messages",
        () -> {
          served.getFirst().consumed(20_032);
          return server.messages.get() == 100;
        });

    eventually("it is ready again", () -> client.readies.get() > 0 && stream.isReady());
    assertThat(server.bytes.get()).isEqualTo(1_000_000);
  }

  @Test
  void refusesWhatTheQueueHasNoRoomFor() throws Exception {
    restart(
        WireLimits.STANDARD
            .withWindows(new ByteSize(WINDOW), ByteSize.ofMebibytes(1))
            .withQueue(new ByteSize(1 << 17)));
    serveByHand();
    WireStream stream = open("hold");
    byte[] body = new byte[10_000];

    Offer offer = stream.send(Unpooled.wrappedBuffer(body));
    int taken = 0;
    while (offer.isTaken() && taken < 1000) {
      taken++;
      offer = stream.send(Unpooled.wrappedBuffer(body));
    }

    assertThat(offer).isEqualTo(Offer.REFUSED);
    assertThat(taken * 10_000).isLessThan(WINDOW + (1 << 17) + 20_000);
    eventually("the window is full", () -> server.bytes.get() >= 60_000);
    eventually(
        "the owner is called and the refused one is taken",
        () -> {
          served.getFirst().consumed(20_032);
          return client.readies.get() > 0 && stream.send(Unpooled.wrappedBuffer(body)).isTaken();
        });
  }

  @Test
  void doesNotAskForARefusedMessageBeforeThereIsRoom() throws Exception {
    restart(
        WireLimits.STANDARD
            .withWindows(new ByteSize(WINDOW), ByteSize.ofMebibytes(1))
            .withQueue(new ByteSize(1 << 17)));
    serveByHand();
    WireStream stream = open("hold");
    for (int i = 0; i < 10; i++) {
      stream.send(Unpooled.wrappedBuffer(new byte[10_000]));
    }
    eventually("the window is full", () -> server.bytes.get() >= 60_000);
    eventually("little waits", () -> stream.queuedBytes() < 1 << 16);
    stream.connection().loop().submit(() -> {}).get();
    int before = client.readies.get();

    Offer offer = stream.send(Unpooled.wrappedBuffer(new byte[1 << 17]));
    for (int turn = 0; turn < 100; turn++) {
      stream.connection().loop().submit(() -> {}).get();
    }

    assertThat(offer).isEqualTo(Offer.REFUSED);
    assertThat(client.readies).hasValue(before);
    eventually(
        "the owner is called once there is room",
        () -> {
          served.getFirst().consumed(20_032);
          return client.readies.get() == before + 1;
        });
  }

  @Test
  void letsOtherStreamsPassOneThatNobodyReads() throws Exception {
    restart(WireLimits.STANDARD.withWindows(new ByteSize(WINDOW), ByteSize.ofMebibytes(1)));
    serveByHand();
    ends.serve("echo", _ -> new Echo());
    WireStream stuck = open("hold");
    for (int i = 0; i < 100; i++) {
      stuck.send(Unpooled.wrappedBuffer(new byte[10_000]));
    }
    WireStream other = stuck.connection().open(OpenRequest.of("echo"), client);

    for (int i = 0; i < 100; i++) {
      other.call(Unpooled.wrappedBuffer(new byte[20_000]), client);
    }

    eventually("100 replies", () -> client.messages.get() == 100);
    assertThat(server.bytes.get()).isLessThanOrEqualTo(WINDOW + 10_000);
    stuck.abort(WireStatus.of(StatusCode.CANCELLED, ""));
    eventually("nothing waits", () -> stuck.queuedBytes() == 0);
  }

  @Test
  void carriesAMessageLargerThanEveryWindow() throws Exception {
    restart(WireLimits.STANDARD.withWindows(new ByteSize(WINDOW), new ByteSize(WINDOW)));
    ends.serve("echo", _ -> new Echo());
    WireStream stream = open("echo");

    stream.call(Unpooled.wrappedBuffer(new byte[3_000_000]), client);

    eventually("the reply", () -> client.events.contains("reply 3000000"));
  }

  @Test
  void grantsNothingWhileTheProcessHoldsTooMuch() throws Exception {
    WireContext tight =
        WireContext.of("server")
            .with(WireLimits.STANDARD.withWindows(new ByteSize(WINDOW), ByteSize.ofMebibytes(1)))
            .with(new MemoryBudget(ByteSize.ofKibibytes(100)));
    ends.close();
    ends = new TestEnds(Transport.best(), tight, WireContext.of("client"));
    serveByHand();
    WireConnection connection = ends.connect();
    for (int i = 0; i < 4; i++) {
      WireStream stream = connection.open(OpenRequest.of("hold"), client);
      for (int j = 0; j < 20; j++) {
        stream.send(Unpooled.wrappedBuffer(new byte[10_000]));
      }
    }
    eventually("all windows are full", () -> server.messages.get() == 28);
    assertThat(tight.budget().heldBytes()).isGreaterThan(100 << 10);

    served.getFirst().consumed(40_000); // The others hold too much still.
    served.get(1).consumed(40_000);
    assertThat(server.messages.get()).isEqualTo(28);
    eventually(
        "all messages",
        () -> {
          served.forEach(stream -> stream.consumed(20_032));
          return server.messages.get() == 80;
        });
  }

  @Test
  void takesCallsFromManyThreadsAndKeepsEachOnesOrder() throws Exception {
    ends.serve("echo", _ -> new Echo());
    WireStream stream = open("echo");
    int threads = 8;
    int each = 2_000;
    Queue<String> replies = new ConcurrentLinkedQueue<>();
    AtomicInteger failures = new AtomicInteger();
    ReplyHandler collect =
        new ReplyHandler() {
          @Override
          public void onReply(MessageView reply) {
            replies.add(reply.text());
          }

          @Override
          public void onFailure(int mid, WireStatus status) {
            failures.incrementAndGet();
          }
        };

    for (int t = 0; t < threads; t++) {
      int thread = t;
      Thread.ofVirtual().start(() -> callAll(stream, thread, each, collect));
    }

    eventually("all replies", () -> replies.size() == threads * each);
    assertThat(failures).hasValue(0);
    int[] next = new int[threads];
    for (String reply : replies) {
      List<String> parts = List.of(reply.split(" ", 2));
      int thread = Integer.parseInt(parts.getFirst());
      assertThat(Integer.parseInt(parts.getLast())).isEqualTo(next[thread]++);
    }
  }

  private static void callAll(WireStream stream, int thread, int count, ReplyHandler handler) {
    for (int i = 0; i < count; i++) {
      String text = thread + " " + i;
      eventually("it is taken", () -> stream.call(WireStreamTest.text(text), handler).isTaken());
    }
  }

  private void restart(WireLimits limits) {
    ends.close();
    ends =
        new TestEnds(
            Transport.best(),
            WireContext.of("server").with(limits),
            WireContext.of("client").with(limits));
  }

  private void serveByHand() {
    ends.serve(
        "hold",
        stream -> {
          stream.consumeByHand();
          served.add(stream);
          return server;
        });
  }

  private WireStream open(String method) throws Exception {
    return ends.connect().open(OpenRequest.of(method), client);
  }
}
