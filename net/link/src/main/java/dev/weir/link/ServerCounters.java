package dev.weir.link;

import java.util.concurrent.atomic.LongAdder;

/// What a core counts over all its links. Any thread.
final class ServerCounters {
  final LongAdder sessions = new LongAdder();
  final LongAdder plainStreams = new LongAdder();
  final LongAdder frames = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder messages = new LongAdder();
  final LongAdder storedFrames = new LongAdder();
  final LongAdder storedMessages = new LongAdder();
  final LongAdder duplicates = new LongAdder();
  final LongAdder invalid = new LongAdder();
  final LongAdder nacks = new LongAdder();
  final LongAdder overCredit = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder superseded = new LongAdder();
  final LongAdder rejected = new LongAdder();
  final LongAdder protocolErrors = new LongAdder();
  final LongAdder lost = new LongAdder();
  final LongAdder dictionaries = new LongAdder();
  final LongAdder refusedDictionaries = new LongAdder();

  LinkServerStats snapshot(long queuedBytes) {
    return new LinkServerStats(
        sessions.sum(),
        plainStreams.sum(),
        queuedBytes,
        frames.sum(),
        bytes.sum(),
        messages.sum(),
        storedFrames.sum(),
        storedMessages.sum(),
        duplicates.sum(),
        invalid.sum(),
        nacks.sum(),
        overCredit.sum(),
        dropped.sum(),
        superseded.sum(),
        rejected.sum(),
        protocolErrors.sum(),
        lost.sum(),
        dictionaries.sum(),
        refusedDictionaries.sum());
  }
}
