package dev.weir.wire;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one end takes and keeps at most.
///
/// @param frame the largest frame taken, 16 KiB to 1 MiB; how long one message holds up the others
/// @param message the largest message put together from frames, 1 KiB to 1 GiB
/// @param streamWindow what may be held of one stream, 64 KiB to 1 GiB
/// @param connectionWindow what may be under way on a connection, 64 KiB to 31 MiB
/// @param maxWindow how large a stream's window may grow where the path needs it; with no more than
///   `connectionWindow` both windows are fixed. 64 KiB to 31 MiB
/// @param streams open at once on a connection, 1 to 1,000,000
/// @param queue bytes that wait to be sent on a connection before senders are refused, 64 KiB to 1
///   GiB
/// @param keepalive after how much silence the peer is asked whether it lives, 10 ms to 1 h; after
///   twice as much more it is taken for dead
/// @param handshake how long the peer may take to say hello, 10 ms to 1 h
/// @param lease how many calls a server's clients may begin; null for as many as they like
public record WireLimits(
    ByteSize frame,
    ByteSize message,
    ByteSize streamWindow,
    ByteSize connectionWindow,
    ByteSize maxWindow,
    int streams,
    ByteSize queue,
    Duration keepalive,
    Duration handshake,
    @Nullable WireLease lease) {
  static final int MIN_FRAME_BYTES = 16 << 10;
  static final int MAX_FRAME_BYTES = 1 << 20;

  /// What may be sent on a stream and on a connection before the peer's hello was read, so that a
  /// first request needs one round trip: transport.md §3.2 of the design.
  static final int FIRST_CREDIT_BYTES = 64 << 10;

  private static final Duration SHORTEST = Duration.ofMillis(10);
  static final Duration LONGEST = Duration.ofHours(1);

  /// Frames of 64 KiB share a connection fairly; windows of 1 and 2 MiB fill 16 ms at 1 Gbit/s.
  public static final WireLimits STANDARD =
      new WireLimits(
          ByteSize.ofKibibytes(64),
          ByteSize.ofMebibytes(64),
          ByteSize.ofMebibytes(1),
          ByteSize.ofMebibytes(2),
          new ByteSize(CreditCode.MAX_CONNECTION_WINDOW),
          10_000,
          ByteSize.ofMebibytes(8),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          null);

  public WireLimits {
    Checks.range("frame", frame.bytes(), MIN_FRAME_BYTES, MAX_FRAME_BYTES);
    Checks.range("message", message.bytes(), 1 << 10, 1 << 30);
    Checks.range("streamWindow", streamWindow.bytes(), FIRST_CREDIT_BYTES, 1 << 30);
    Checks.range(
        "connectionWindow",
        connectionWindow.bytes(),
        FIRST_CREDIT_BYTES,
        CreditCode.MAX_CONNECTION_WINDOW);
    Checks.range(
        "maxWindow", maxWindow.bytes(), FIRST_CREDIT_BYTES, CreditCode.MAX_CONNECTION_WINDOW);
    Checks.range("streams", streams, 1, 1_000_000);
    Checks.range("queue", queue.bytes(), 64 << 10, 1 << 30);
    check("keepalive", keepalive);
    check("handshake", handshake);
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + ", expected " + SHORTEST + " to " + LONGEST);
    }
  }

  public WireLimits withFrame(ByteSize size) {
    return with(draft -> draft.frame = size);
  }

  public WireLimits withMessage(ByteSize size) {
    return with(draft -> draft.message = size);
  }

  /// Fixed windows.
  public WireLimits withWindows(ByteSize stream, ByteSize connection) {
    return with(draft -> {
      draft.streamWindow = stream;
      draft.connectionWindow = connection;
      draft.maxWindow = connection;
    });
  }

  /// Windows that begin as they are and grow up to this.
  public WireLimits withMaxWindow(ByteSize size) {
    return with(draft -> draft.maxWindow = size);
  }

  public WireLimits withStreams(int count) {
    return with(draft -> draft.streams = count);
  }

  public WireLimits withQueue(ByteSize size) {
    return with(draft -> draft.queue = size);
  }

  public WireLimits withKeepalive(Duration silence) {
    return with(draft -> draft.keepalive = silence);
  }

  public WireLimits withHandshake(Duration time) {
    return with(draft -> draft.handshake = time);
  }

  public WireLimits with(@Nullable WireLease other) {
    return with(draft -> draft.lease = other);
  }

  private WireLimits with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.limits();
  }

  /// The same limits while one of them is changed.
  private static final class Draft {
    private ByteSize frame;
    private ByteSize message;
    private ByteSize streamWindow;
    private ByteSize connectionWindow;
    private ByteSize maxWindow;
    private int streams;
    private ByteSize queue;
    private Duration keepalive;
    private Duration handshake;
    private @Nullable WireLease lease;

    Draft(WireLimits from) {
      frame = from.frame;
      message = from.message;
      streamWindow = from.streamWindow;
      connectionWindow = from.connectionWindow;
      maxWindow = from.maxWindow;
      streams = from.streams;
      queue = from.queue;
      keepalive = from.keepalive;
      handshake = from.handshake;
      lease = from.lease;
    }

    WireLimits limits() {
      return new WireLimits(
          frame,
          message,
          streamWindow,
          connectionWindow,
          maxWindow,
          streams,
          queue,
          keepalive,
          handshake,
          lease);
    }
  }
}
