package dev.weir.client;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Message;
import java.time.Duration;

/// How a publisher sends.
///
/// @param windowBytes what may wait for its ack, bodies and their frames, 64 KiB to 1 GiB
/// @param windowMessages the same in messages, 1 to 1,000,000
/// @param whenFull what happens beyond the window
/// @param batch raw size at which a batch is full, 1 KiB to 4 MiB
/// @param zstdLevel 1 to 19, or 0 for no compression
/// @param maxBody the largest body, up to 16 MiB
/// @param drain how long [Publisher#close] waits for acks, up to 1 h
public record PublisherOptions(
    ByteSize windowBytes,
    int windowMessages,
    WhenFull whenFull,
    ByteSize batch,
    int zstdLevel,
    ByteSize maxBody,
    Duration drain) {
  /// 16 MiB keep 150 MB/s busy for 100 ms; batches of 128 KiB make the cost of a frame vanish while
  /// a lost one is soon sent again; level 1 costs less than the bytes it saves on any network.
  public static final PublisherOptions DEFAULT =
      new PublisherOptions(
          ByteSize.ofMebibytes(16),
          100_000,
          WhenFull.BLOCK,
          ByteSize.ofKibibytes(128),
          1,
          ByteSize.ofMebibytes(1),
          Duration.ofSeconds(10));

  public PublisherOptions {
    Checks.range("windowBytes", windowBytes.bytes(), 64 << 10, 1 << 30);
    Checks.range("windowMessages", windowMessages, 1, 1_000_000);
    Checks.range("batch bytes", batch.bytes(), 1 << 10, 4 << 20);
    Checks.range("zstdLevel", zstdLevel, 0, 19);
    Checks.range("maxBody", maxBody.bytes(), 1, Message.MAX_BODY_BYTES);
    Checks.range("drain milliseconds", drain.toMillis(), 0, 3_600_000);
  }

  public PublisherOptions withWindow(ByteSize bytes, int messages) {
    return new PublisherOptions(bytes, messages, whenFull, batch, zstdLevel, maxBody, drain);
  }

  public PublisherOptions withWhenFull(WhenFull policy) {
    return new PublisherOptions(
        windowBytes, windowMessages, policy, batch, zstdLevel, maxBody, drain);
  }

  public PublisherOptions withBatch(ByteSize size) {
    return new PublisherOptions(
        windowBytes, windowMessages, whenFull, size, zstdLevel, maxBody, drain);
  }

  public PublisherOptions withZstdLevel(int level) {
    return new PublisherOptions(
        windowBytes, windowMessages, whenFull, batch, level, maxBody, drain);
  }

  public PublisherOptions withMaxBody(ByteSize size) {
    return new PublisherOptions(
        windowBytes, windowMessages, whenFull, batch, zstdLevel, size, drain);
  }

  public PublisherOptions withDrain(Duration time) {
    return new PublisherOptions(
        windowBytes, windowMessages, whenFull, batch, zstdLevel, maxBody, time);
  }
}
