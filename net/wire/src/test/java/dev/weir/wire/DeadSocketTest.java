package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A peer that resets the connection while this end is within a turn: the first to notice is a
/// flush in the midst of what is being sent, which ends everything under the hands of who sends.
final class DeadSocketTest {
  /// Eight of them make a flush.
  private static final int BODY_BYTES = 1_000;

  /// Several flushes, so that one of them fails whenever the reset arrives.
  private static final int MANY = 50;

  private static final long MUCH_CREDIT = 1 << 20;

  private static final WireStatus LONG_WORD =
      WireStatus.of(StatusCode.INTERNAL, "x".repeat(BODY_BYTES));

  private final TestEnds ends = new TestEnds();
  private final RawServer raw = server();
  private final Recorder owner = new Recorder();
  private final List<String> events = new CopyOnWriteArrayList<>();

  private static RawServer server() {
    try {
      return new RawServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    raw.close();
    ends.close();
  }

  @Test
  void givesBackOnceWhatEndsAStream() throws Exception {
    WireConnection connection = raw.connect(ends.connector, new Told());
    List<WireStream> streams = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      streams.add(connection.open(OpenRequest.of("any"), owner));
    }

    whileItDies(connection, () -> streams.forEach(s -> s.finish(LONG_WORD, Metadata.EMPTY)));

    assertNothingWaits(connection, streams);
    eventually("every owner is told", () -> owner.ends.size() == MANY);
  }

  @Test
  void givesBackOnceWhatSaysThatACallFailed() throws Exception {
    WireConnection connection = raw.connect(ends.connector, new Told());
    WireStream stream = connection.open(OpenRequest.of("any"), owner);

    whileItDies(
        connection,
        () -> {
          for (int mid = 1; mid <= MANY; mid++) {
            stream.reply(mid, LONG_WORD);
          }
        });

    assertNothingWaits(connection, List.of(stream));
    eventually("its owner is told", () -> owner.ends.size() == 1);
  }

  @Test
  void givesBackOnceTheMessagesThatHaveWaited() throws Exception {
    WireConnection connection = raw.connect(ends.connector, new Told());
    WireStream stream = connection.open(OpenRequest.of("any"), owner);
    for (int i = 0; i < 2 * WireLimits.FIRST_CREDIT_BYTES / BODY_BYTES; i++) {
      assertThat(stream.send(body())).isNotEqualTo(Offer.REFUSED);
    }
    eventually("some wait", () -> stream.sid() != 0 && stream.queuedBytes() > 0);

    whileItDies(connection, () -> giveCredit(stream));

    assertNothingWaits(connection, List.of(stream));
    eventually("its owner is told", () -> owner.ends.size() == 1);
  }

  @Test
  void givesBackOnceTheFramesThatAreToBePassedOn() throws Exception {
    WireConnection upstream =
        raw.connect(new WireConnector(ends.serverLoops, ends.clientContext), new Told());
    WireStream onward = upstream.open(OpenRequest.of("any"), owner);
    AtomicInteger passed = new AtomicInteger();
    AtomicInteger waiting = new AtomicInteger();
    AtomicInteger written = new AtomicInteger();
    ends.serve("relay", _ -> new Passing(onward, passed, waiting, written));
    WireStream stream = ends.connect().open(OpenRequest.of("relay"), new Recorder());
    int count = 2 * WireLimits.FIRST_CREDIT_BYTES / BODY_BYTES;
    for (int i = 0; i < count; i++) {
      assertThat(stream.send(body())).isNotEqualTo(Offer.REFUSED);
    }
    eventually("all are passed on", () -> passed.get() == count);

    whileItDies(upstream, () -> giveCredit(onward));

    assertNothingWaits(upstream, List.of(onward));
    assertThat(waiting).hasPositiveValue();
    assertThat(written).hasValue(waiting.get());
  }

  @Test
  void failsACallOnceAndTheStreamLast() throws Exception {
    WireConnection connection = raw.connect(ends.connector, new Told());
    WireStream stream = connection.open(OpenRequest.of("any"), owner);
    List<Integer> mids = new CopyOnWriteArrayList<>();
    int calls = 20 * MANY;
    for (int i = 0; i < calls; i++) {
      stream.call(Unpooled.EMPTY_BUFFER, new Call(owner.events, mids));
    }
    eventually("all are sent", () -> mids.size() == calls);

    whileItDies(connection, () -> mids.forEach(stream::cancel));

    eventually("all are told", () -> owner.events.size() == calls + 1);
    assertThat(owner.events).doesNotHaveDuplicates();
    assertThat(owner.events.getLast()).startsWith("closed UNAVAILABLE");
  }

  /// Who hears of a connection's end alone would wait for its beginning for ever.
  @Test
  void tellsTheBeginningBeforeTheEnd() throws Exception {
    WireSecurity showing = WireSecurity.NONE.withToken(this::dieAndShow);
    WireConnector connector =
        new WireConnector(ends.clientLoops, WireContext.of("shows").with(showing));

    WireConnection connection =
        connector
            .connect(raw.address(), new Told())
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);

    eventually("the end", () -> !connection.isOpen());
    eventually("both are told", () -> events.size() == 2);
    assertThat(events).containsExactly("connected", "closed");
  }

  private String dieAndShow() {
    try {
      raw.accept();
      raw.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "token";
  }

  private void whileItDies(WireConnection connection, Runnable sending) throws Exception {
    Runnable turn =
        () -> {
          try {
            raw.reset();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          sending.run();
          connection.turn().end();
        };
    connection.loop().submit(turn).get(10, TimeUnit.SECONDS);
    eventually("the end", () -> !connection.isOpen());
    assertThat(events).endsWith("closed");
  }

  private static ByteBuf body() {
    return Unpooled.wrappedBuffer(new byte[BODY_BYTES]);
  }

  private static void giveCredit(WireStream stream) {
    stream.connection().outbound().credit().raise(MUCH_CREDIT);
    stream.sender().credit().raise(MUCH_CREDIT);
    stream.sender().wake();
  }

  private static void assertNothingWaits(WireConnection connection, List<WireStream> streams)
      throws Exception {
    assertThat(streams).allMatch(stream -> stream.sender().isEmpty());
    assertThat(connection.outbound().queuedBytes()).isZero();
    Set<Outgoing> nodes = Collections.newSetFromMap(new IdentityHashMap<>());
    int taken = 10 * MANY;
    Runnable taking =
        () -> {
          for (int i = 0; i < taken; i++) {
            nodes.add(connection.outbound().take());
          }
        };
    connection.loop().submit(taking).get(10, TimeUnit.SECONDS);
    assertThat(nodes).as("each node is there once").hasSize(taken);
  }

  /// Writes down what a connection's owner is told.
  private final class Told implements ConnectionHandler {
    @Override
    public void onConnected(WireConnection connection) {
      events.add("connected");
    }

    @Override
    public void onClosed(WireConnection connection, WireStatus status) {
      events.add("closed");
    }
  }

  /// Passes frames on and counts those that had to wait.
  private record Passing(
      WireStream to, AtomicInteger passed, AtomicInteger waiting, AtomicInteger written)
      implements FrameHandler {
    @Override
    public void onFrame(WireStream stream, FrameView frame) {
      if (!to.forward(frame, frame.mid(), (_, _) -> written.incrementAndGet())) {
        waiting.incrementAndGet();
      }
      stream.consumed(frame.frameBytes());
      passed.incrementAndGet();
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }

  /// Writes down its number and its end.
  private record Call(List<String> events, List<Integer> mids) implements ReplyHandler {
    @Override
    public void onSent(int mid) {
      mids.add(mid);
    }

    @Override
    public void onReply(MessageView reply) {
      events.add("reply " + reply.mid());
    }

    @Override
    public void onFailure(int mid, WireStatus status) {
      events.add("failure " + mid);
    }
  }
}
