package dev.weir.wire;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks the peer once per interval how far it has come. One that stays silent for three intervals
/// is lost; one that lives but does not move, see [ProgressWatch], is stalled: a stream whose
/// message was begun and does not go on is ended first, and the connection if that does not help.
///
/// Owned by the connection's event loop.
final class Keepalive implements Runnable {
  /// One lost or late answer is no proof, three are.
  static final int DEAD_AFTER_INTERVALS = 3;

  /// With less credit than a small part of a message a peer may rightly wait for more.
  static final int ROOM_BYTES = 2 << 10;

  private final WireConnection connection;
  private final long intervalMillis;
  private final ProgressWatch watch = new ProgressWatch(DEAD_AFTER_INTERVALS);
  private @Nullable Future<?> ticks;
  private long pings;
  private long writtenAtPing;

  Keepalive(WireConnection connection, long intervalMillis) {
    this.connection = connection;
    this.intervalMillis = intervalMillis;
  }

  void start() {
    ticks =
        connection
            .loop()
            .scheduleAtFixedRate(this, intervalMillis, intervalMillis, TimeUnit.MILLISECONDS);
  }

  void stop() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }

  /// Something came.
  void onHeard() {
    watch.onHeard();
  }

  /// An answer to the last PING proves that everything before it has arrived.
  void onPong(long id) {
    if (PingId.isKeepalive(id) && id == pings) {
      watch.onReceivedThere(writtenAtPing);
    }
  }

  /// The peer says how far it has come.
  void onReport(FrameView frame) {
    if (Progress.isSaid(frame)) {
      watch.onReceivedThere(Progress.received(frame));
      watch.onWaitingThere(Progress.waiting(frame));
    }
  }

  /// What the peer is known to have received.
  long peerReceived() {
    return watch.peerReceived();
  }

  /// Whether something came since the last interval ended.
  boolean isHeard() {
    return watch.isHeard();
  }

  /// An interval is over.
  @Override
  public void run() {
    if (!connection.isOpen()) {
      return;
    }
    connection.path().onTick();
    ConnectionCredit credit = connection.credit();
    FrameWriter writer = connection.outbound().writer();
    if (endStuckStreams(credit)) {
      watch.forgive();
    }
    boolean hasCredit = credit.receiveRoom() >= ROOM_BYTES;
    switch (watch.tick(writer.writtenBytes(), credit.received(), hasCredit)) {
      case MOVES -> ask(writer);
      case SILENT ->
          connection
              .life()
              .lost(
                  new WeirException(ErrorCode.CONNECTION_LOST, "Nothing came for " + span() + "."));
      case DEAF ->
          connection
              .life()
              .stalled(
                  "The peer has received "
                      + watch.peerReceived()
                      + " of "
                      + writer.writtenBytes()
                      + " bytes, and no more for "
                      + span()
                      + ".");
      case MUTE ->
          connection
              .life()
              .stalled("The peer has data and credit and sent nothing for " + span() + ".");
    }
  }

  private void ask(FrameWriter writer) {
    connection.pings().ask(++pings);
    writtenAtPing = writer.writtenBytes();
    writer.flush();
    writer.release();
  }

  private String span() {
    return DEAD_AFTER_INTERVALS * intervalMillis + " ms";
  }

  /// @return whether there was one
  private boolean endStuckStreams(ConnectionCredit credit) {
    boolean isFound = false;
    if (credit.receiveRoom() < ROOM_BYTES) {
      return false;
    }
    for (WireStream stream : connection.streams()) {
      if (stream.receiver().isStuck(DEAD_AFTER_INTERVALS)) {
        isFound = true;
        connection.context().counters().onStall();
        stream.abort(
            ConnectionLife.stallStatus(
                "The peer began a message and sent no more of it for " + span() + "."));
      }
    }
    return isFound;
  }
}
