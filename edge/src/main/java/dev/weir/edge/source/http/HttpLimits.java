package dev.weir.edge.source.http;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.time.Duration;

/// What clients of an HTTP listener may make it hold and wait for.
///
/// @param maxBody the largest request body after decompression, 1 B to 64 MiB
/// @param maxInFlight bodies in memory at once, over all requests, `maxBody` to 2 GiB - 1
/// @param requestTimeout how long a client may take to send one request, 1 s to 1 h in whole
///   seconds; the process's first listener decides for all
/// @param ackTimeout how long a request waits for its fsync before 503 is answered, 1 ms to 1 h
public record HttpLimits(
    ByteSize maxBody, ByteSize maxInFlight, Duration requestTimeout, Duration ackTimeout) {
  private static final ByteSize DEFAULT_IN_FLIGHT = ByteSize.ofMebibytes(64);
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  public HttpLimits {
    Checks.range("maxBody", maxBody.bytes(), 1, 64 << 20);
    Checks.range("maxInFlight", maxInFlight.bytes(), maxBody.bytes(), Integer.MAX_VALUE);
    Checks.range("requestTimeout seconds", requestTimeout.toSeconds(), 1, 3600);
    Checks.range("ackTimeout millis", ackTimeout.toMillis(), 1, 3_600_000);
  }

  /// 64 MiB of bodies at once, 30 s for either side.
  public static HttpLimits of(ByteSize maxBody) {
    return new HttpLimits(
        maxBody,
        new ByteSize(Math.max(DEFAULT_IN_FLIGHT.bytes(), maxBody.bytes())),
        DEFAULT_TIMEOUT,
        DEFAULT_TIMEOUT);
  }
}
