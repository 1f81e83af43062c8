package dev.weir.link;

import dev.weir.flow.Liveness;
import dev.weir.proto.Heartbeat;
import dev.weir.proto.Response;
import org.jspecify.annotations.Nullable;

/// The heartbeats of one session of a core, and what they show. Owned by the session's event loop.
final class SessionBeats {
  /// What is known of the client.
  enum Verdict {
    ALIVE,
    /// Nothing came for three intervals.
    SILENT,
    /// It is heard, but what is sent to it does not arrive.
    STALLED,
    /// It claims to have received what was never sent.
    IMPOSSIBLE
  }

  private final ServerContext context;
  private final Outbound out;
  private final long intervalNanos;
  private @Nullable Liveness liveness;
  private long beatNanos;
  private long heardBytes;
  private long nonce;

  SessionBeats(ServerContext context, Outbound out) {
    this.context = context;
    this.out = out;
    this.intervalNanos = context.config().heartbeat().toNanos();
  }

  /// The session is welcomed.
  void begin(long nowNanos) {
    liveness =
        new Liveness(intervalNanos, nowNanos, context.flow().liveness(), context.flow().progress());
    beatNanos = nowNanos + intervalNanos;
  }

  /// Some time passed: beats when an interval is over.
  Verdict onTick(long nowNanos, FrameIntake intake) {
    Liveness current = liveness;
    if (current == null || nowNanos - beatNanos < 0) {
      return Verdict.ALIVE;
    }
    beatNanos = nowNanos + intervalNanos;
    if (out.receivedBytes() != heardBytes) {
      heardBytes = out.receivedBytes();
      current.onReceived();
    }
    if (current.onBeat()) {
      return Verdict.SILENT;
    }
    if (out.isReady()) {
      nonce++;
      send(nonce, 0, intake);
    }
    return Verdict.ALIVE;
  }

  Verdict onHeartbeat(Heartbeat heartbeat, FrameIntake intake) {
    Liveness current = liveness;
    if (current == null) {
      return Verdict.ALIVE;
    }
    long nowNanos = context.clock().nanoTime();
    Liveness.Verdict verdict =
        current.onPeerHeartbeat(nowNanos, out.sentBytes(), heartbeat.getReceivedBytes());
    if (heartbeat.getEchoNonce() == 0 && out.isReady()) {
      send(0, heartbeat.getNonce(), intake);
    }
    return switch (verdict) {
      case MOVING, SUSPECT -> Verdict.ALIVE;
      case STALLED -> Verdict.STALLED;
      case IMPOSSIBLE -> Verdict.IMPOSSIBLE;
    };
  }

  private void send(long newNonce, long echo, FrameIntake intake) {
    Heartbeat.Builder heartbeat =
        Heartbeat.newBuilder()
            .setNonce(newNonce)
            .setEchoNonce(echo)
            .setReceivedBytes(out.receivedBytes())
            .setReceivedFrames(intake.receivedFrames())
            .setStoredFrames(intake.storedFrames())
            .setSentBytes(out.sentBytes());
    out.send(Response.newBuilder().setHeartbeat(heartbeat), FrameCodec.VERSION);
  }
}
