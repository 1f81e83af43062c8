package dev.weir.link;

/// What a sender counts since its start. Owned by the link's duty thread; others see the snapshots
/// that it publishes.
final class LinkCounters {
  private static final long SECOND_NANOS = 1_000_000_000L;

  long sessions;
  long reconnects;
  long heartbeatsMissed;
  long sentFrames;
  long sentBytes;
  long resentFrames;
  long ackedFrames;
  long ackedBytes;
  long refusedFrames;
  long skippedFrames;
  long protocolErrors;
  long publishedDictionaries;
  long recodedFrames;
  long commitMicros;
  private long ackedBytesPerSecond;
  private long rateFromNanos;
  private long rateFromBytes;

  LinkCounters(long nowNanos) {
    rateFromNanos = nowNanos;
  }

  void onSent(int weight, boolean isAgain) {
    sentFrames++;
    sentBytes += weight;
    if (isAgain) {
      resentFrames++;
    }
  }

  /// Acked bytes per second over the last full second.
  long rate(long nowNanos) {
    long elapsedNanos = nowNanos - rateFromNanos;
    if (elapsedNanos >= SECOND_NANOS) {
      ackedBytesPerSecond = (long) ((ackedBytes - rateFromBytes) * 1e9 / elapsedNanos);
      rateFromNanos = nowNanos;
      rateFromBytes = ackedBytes;
    }
    return ackedBytesPerSecond;
  }
}
