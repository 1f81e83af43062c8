package dev.weir.link;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.flow.AdaptiveWindow;
import dev.weir.flow.BackfillShare;
import dev.weir.flow.Backoff;
import dev.weir.flow.WindowMode;
import dev.weir.message.BatchSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// How a link's sender behaves.
///
/// @param targets cores in order of preference, 1 to 64: `weir://host:port`, or another scheme of
///   [LinkScheme]; the port defaults to 4750
/// @param source who numbers the frames
/// @param windowMode how what may be in flight is bounded
/// @param window the most of it, or in FIXED mode all of it, 64 KiB to 1 GiB
/// @param maxFrame header and payload of the largest frame that is sent, 1 KiB to 16.5 MiB; a
///   larger one is refused here
/// @param heartbeat between two beats until the core names its own interval, 100 ms to 5 min
/// @param connectTimeout for TCP, TLS and the stream together; wire has half of it where gRPC is to
///   follow
/// @param helloTimeout from hello to welcome
/// @param backoff the waits between connections
/// @param software name and version, for the core's logs
/// @param backfillPercent what late lanes get at least while fresh ones fill the path, 1 to 90
/// @param tls for the targets that ask for it
public record LinkClientConfig(
    List<URI> targets,
    BatchSource source,
    WindowMode windowMode,
    ByteSize window,
    ByteSize maxFrame,
    Duration heartbeat,
    Duration connectTimeout,
    Duration helloTimeout,
    Backoff backoff,
    String software,
    int backfillPercent,
    LinkTls tls) {
  public static final int DEFAULT_PORT = 4750;

  /// 16.5 MiB: the largest payload (16 MiB + 64 KiB) and the largest header (256 KiB).
  static final long MAX_FRAME_BYTES = 33L << 19;

  public LinkClientConfig {
    targets = List.copyOf(targets);
    Checks.range("targets", targets.size(), 1, 64);
    targets.forEach(LinkScheme::require);
    Checks.range("window", window.bytes(), 64 << 10, 1 << 30);
    Checks.range("maxFrame", maxFrame.bytes(), 1 << 10, MAX_FRAME_BYTES);
    Checks.range("heartbeat millis", heartbeat.toMillis(), 100, 300_000);
    Checks.range("connectTimeout millis", connectTimeout.toMillis(), 1, 300_000);
    Checks.range("helloTimeout millis", helloTimeout.toMillis(), 1, 300_000);
    Checks.range(
        "backfillPercent", backfillPercent, BackfillShare.MIN_PERCENT, BackfillShare.MAX_PERCENT);
  }

  /// The defaults: a window that adapts, up to 32 MiB, frames as large as any core takes, a beat
  /// every 5 s, and 5 s to connect, so that a failover to the next target is done within 10 s.
  public static LinkClientConfig of(List<URI> targets, BatchSource source) {
    return new LinkClientConfig(
        targets,
        source,
        WindowMode.AUTO,
        new ByteSize(AdaptiveWindow.DEFAULT_MAX_BYTES),
        new ByteSize(MAX_FRAME_BYTES),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Backoff.STANDARD,
        "weir",
        BackfillShare.DEFAULT_PERCENT,
        LinkTls.STANDARD);
  }

  public LinkClientConfig withWindow(WindowMode newMode, ByteSize newWindow) {
    return new LinkClientConfig(
        targets,
        source,
        newMode,
        newWindow,
        maxFrame,
        heartbeat,
        connectTimeout,
        helloTimeout,
        backoff,
        software,
        backfillPercent,
        tls);
  }

  public LinkClientConfig withMaxFrame(ByteSize newMaxFrame) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        newMaxFrame,
        heartbeat,
        connectTimeout,
        helloTimeout,
        backoff,
        software,
        backfillPercent,
        tls);
  }

  public LinkClientConfig withHeartbeat(Duration newHeartbeat) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        maxFrame,
        newHeartbeat,
        connectTimeout,
        helloTimeout,
        backoff,
        software,
        backfillPercent,
        tls);
  }

  public LinkClientConfig withTimeouts(Duration newConnectTimeout, Duration newHelloTimeout) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        maxFrame,
        heartbeat,
        newConnectTimeout,
        newHelloTimeout,
        backoff,
        software,
        backfillPercent,
        tls);
  }

  public LinkClientConfig withBackoff(Backoff newBackoff) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        maxFrame,
        heartbeat,
        connectTimeout,
        helloTimeout,
        newBackoff,
        software,
        backfillPercent,
        tls);
  }

  public LinkClientConfig withSoftware(String newSoftware) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        maxFrame,
        heartbeat,
        connectTimeout,
        helloTimeout,
        backoff,
        newSoftware,
        backfillPercent,
        tls);
  }

  public LinkClientConfig withBackfillPercent(int newBackfillPercent) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        maxFrame,
        heartbeat,
        connectTimeout,
        helloTimeout,
        backoff,
        software,
        newBackfillPercent,
        tls);
  }

  /// For targets that ask for TLS.
  public LinkClientConfig withTls(LinkTls newTls) {
    return new LinkClientConfig(
        targets,
        source,
        windowMode,
        window,
        maxFrame,
        heartbeat,
        connectTimeout,
        helloTimeout,
        backoff,
        software,
        backfillPercent,
        newTls);
  }

  static int port(URI target) {
    return target.getPort() < 0 ? DEFAULT_PORT : target.getPort();
  }
}
