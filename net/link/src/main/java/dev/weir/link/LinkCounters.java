package dev.weir.link;

/// What a sender counts since its start. Owned by the link's duty thread; others see the snapshots
/// that it publishes.
final class LinkCounters {
  long sessions;
  long reconnects;
  long heartbeats;
  long heartbeatsHeard;
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

  void onSent(int weight, boolean isAgain) {
    sentFrames++;
    sentBytes += weight;
    if (isAgain) {
      resentFrames++;
    }
  }
}
