package dev.weir.link;

import dev.weir.flow.FlowCounters;
import dev.weir.flow.Liveness;
import dev.weir.message.Durability;
import dev.weir.proto.Heartbeat;
import dev.weir.proto.Request;
import dev.weir.proto.Welcome;

/// What a sender keeps for one connection, from dialing to its end: liveness, beats, the core's
/// limits, and how far what was sent has come. Owned by the link's duty thread.
final class LinkSession {
  private final Connection connection;
  private final FlowCounters counters;
  private Liveness liveness;
  private long heartbeatNanos;
  private long deadlineNanos;
  private long beatNanos;
  private long heardBytes;
  private long nonce;
  private long lastFrameEnd;
  private long peerReceivedBytes;
  private long peerStoredFrames;
  private long progressNanos;
  private long pingedNanos;
  private boolean isPinged;
  private boolean isWelcome;
  private long maxFrameBytes;
  private Durability durability = Durability.RECEIVED;
  private String node = "";

  /// @param deadlineNanos when the connection must be up
  LinkSession(
      Connection connection,
      FlowCounters counters,
      long heartbeatNanos,
      long nowNanos,
      long deadlineNanos) {
    this.connection = connection;
    this.counters = counters;
    this.heartbeatNanos = heartbeatNanos;
    this.deadlineNanos = deadlineNanos;
    this.liveness = liveness(nowNanos);
  }

  private Liveness liveness(long nowNanos) {
    return new Liveness(heartbeatNanos, nowNanos, counters.liveness(), counters.progress());
  }

  Connection connection() {
    return connection;
  }

  /// The connection is up and hello went out.
  void onHello(long newDeadlineNanos) {
    deadlineNanos = newDeadlineNanos;
  }

  /// The core's word; from now on both sides beat.
  void onWelcome(Welcome welcome, long ownMaxFrameBytes, long nowNanos) {
    isWelcome = true;
    long millis = Integer.toUnsignedLong(welcome.getHeartbeatMillis());
    if (millis >= 100 && millis <= 300_000) {
      heartbeatNanos = millis * 1_000_000;
    }
    long theirs = Integer.toUnsignedLong(welcome.getMaxFrameBytes());
    maxFrameBytes = theirs == 0 ? ownMaxFrameBytes : Math.min(theirs, ownMaxFrameBytes);
    durability =
        switch (welcome.getDurability()) {
          case RECEIPT_DURABILITY_DURABLE -> Durability.DURABLE;
          case RECEIPT_DURABILITY_REPLICATED -> Durability.REPLICATED;
          case RECEIPT_DURABILITY_RECEIVED, RECEIPT_DURABILITY_UNSPECIFIED, UNRECOGNIZED ->
              Durability.RECEIVED;
        };
    node = welcome.getNode();
    liveness = liveness(nowNanos);
    beatNanos = nowNanos + heartbeatNanos;
    progressNanos = nowNanos;
  }

  boolean isWelcome() {
    return isWelcome;
  }

  /// Whether connecting, or waiting for the welcome, took too long.
  boolean isOverdue(long nowNanos) {
    return !isWelcome && nowNanos - deadlineNanos >= 0;
  }

  long maxFrameBytes() {
    return maxFrameBytes;
  }

  Durability durability() {
    return durability;
  }

  String node() {
    return node;
  }

  /// Sends what is no frame.
  void send(Request request) {
    connection.send(request);
  }

  void sendFrame(Request frame) {
    connection.send(frame);
    lastFrameEnd = connection.sentBytes();
  }

  /// Whether a heartbeat interval is over.
  boolean isBeatDue(long nowNanos) {
    return isWelcome && nowNanos - beatNanos >= 0;
  }

  /// How long until a heartbeat interval is over, on a connection that is welcome.
  long beatDueNanos(long nowNanos) {
    return beatNanos - nowNanos;
  }

  /// A heartbeat interval is over: judges the silence and beats.
  ///
  /// @return whether the core was just found dead
  boolean beat(long nowNanos) {
    beatNanos = nowNanos + heartbeatNanos;
    if (liveness.onBeat()) {
      return true;
    }
    ask();
    return false;
  }

  /// Notes that bytes came since this was last asked.
  ///
  /// @return whether none did
  boolean isSilent() {
    long bytes = connection.receivedBytes();
    if (bytes == heardBytes) {
      return true;
    }
    heardBytes = bytes;
    liveness.onReceived();
    return false;
  }

  private void ask() {
    nonce++;
    connection.send(heartbeat(nonce, 0));
  }

  private Request heartbeat(long newNonce, long echo) {
    return Request.newBuilder()
        .setVersion(FrameCodec.VERSION)
        .setHeartbeat(
            Heartbeat.newBuilder()
                .setNonce(newNonce)
                .setEchoNonce(echo)
                .setReceivedBytes(connection.receivedBytes())
                .setSentBytes(connection.sentBytes()))
        .build();
  }

  /// Judges the core's heartbeat, and answers it if it is a question.
  Liveness.Verdict onHeartbeat(Heartbeat heartbeat, long nowNanos) {
    long received = heartbeat.getReceivedBytes();
    Liveness.Verdict verdict = liveness.onPeerHeartbeat(nowNanos, connection.sentBytes(), received);
    boolean isArriving = received > peerReceivedBytes && peerReceivedBytes < lastFrameEnd;
    boolean isStoring = heartbeat.getStoredFrames() > peerStoredFrames;
    if (isArriving || isStoring) {
      onProgress(nowNanos);
    }
    peerReceivedBytes = received;
    peerStoredFrames = Math.max(peerStoredFrames, heartbeat.getStoredFrames());
    if (heartbeat.getEchoNonce() == 0) {
      connection.send(heartbeat(0, heartbeat.getNonce()));
    }
    return verdict;
  }

  /// Something that was sent arrived or was acked: the wait for an ack begins anew.
  void onProgress(long nowNanos) {
    progressNanos = nowNanos;
    isPinged = false;
  }

  /// Whether an ack is late.
  ///
  /// @param oldestNanos when the oldest frame in flight was sent
  boolean isAckLate(long oldestNanos, long nowNanos, long timeoutNanos) {
    long sinceNanos = Math.max(oldestNanos, progressNanos);
    return nowNanos - (isPinged ? pingedNanos : sinceNanos) > timeoutNanos;
  }

  /// Whether the core was asked for a sign of progress and gave none since.
  boolean isPinged() {
    return isPinged;
  }

  void ping(long nowNanos) {
    isPinged = true;
    pingedNanos = nowNanos;
    ask();
  }
}
