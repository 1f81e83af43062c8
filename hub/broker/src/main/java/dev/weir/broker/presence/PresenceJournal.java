package dev.weir.broker.presence;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.broker.EngineJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes changes down, and tells of each once it is durable, in order. One record is under way at
/// a time and takes all that was changed meanwhile, so that many changes share an fsync. While the
/// disk refuses, nothing is told, and the same is tried again.
///
/// Owned by the thread of [LocalPresence], which is also `owner`.
final class PresenceJournal {
  private static final Logger LOG = LoggerFactory.getLogger(PresenceJournal.class);
  private static final long RETRY_MILLIS = 500;

  private final EngineJournal journal;
  private final ScheduledExecutorService owner;
  private PresenceRecords records = new PresenceRecords();
  private List<Runnable> tells = new ArrayList<>();
  private boolean isUnderWay;

  PresenceJournal(EngineJournal journal, ScheduledExecutorService owner) {
    this.journal = journal;
    this.owner = owner;
  }

  /// What is written next.
  PresenceRecords records() {
    return records;
  }

  /// Runs something once everything that was recorded before is durable.
  void tell(Runnable task) {
    tells.add(task);
  }

  void flush() {
    if (isUnderWay) {
      return;
    }
    if (records.length() == 0) {
      run(take());
      return;
    }
    Bytes content = records.content();
    List<Runnable> told = tells;
    isUnderWay = true;
    if (journal.offer(content, new Told(content, told))) {
      records = new PresenceRecords();
      tells = new ArrayList<>();
    } else {
      later(() -> {});
    }
  }

  private List<Runnable> take() {
    List<Runnable> taken = tells;
    tells = new ArrayList<>();
    return taken;
  }

  private static void run(List<Runnable> told) {
    for (Runnable each : told) {
      try {
        each.run();
      } catch (RuntimeException e) {
        LOG.warn("somebody who is told of presence failed", e);
      }
    }
  }

  private void later(Runnable before) {
    try {
      var _ =
          owner.schedule(
              () -> {
                before.run();
                isUnderWay = false;
                flush();
              },
              RETRY_MILLIS,
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // The broker closes: what nobody was told of may be lost.
    }
  }

  void close() {
    journal.close();
  }

  /// The journal's thread tells a record's outcome; it goes on in the owner's.
  private final class Told implements EngineJournal.Listener {
    private final Bytes content;
    private final List<Runnable> told;

    Told(Bytes content, List<Runnable> told) {
      this.content = content;
      this.told = told;
    }

    @Override
    public void durable() {
      try {
        owner.execute(() -> {
          run(told);
          isUnderWay = false;
          flush();
        });
      } catch (RejectedExecutionException _) {
        // The broker is closed; it is kept.
      }
    }

    @Override
    public void failed(WeirException cause) {
      LOG.warn("a change of presence waits for the disk: {}", cause.explanation());
      later(this::putBack);
    }

    private void putBack() {
      PresenceRecords again = new PresenceRecords();
      again.append(content);
      again.append(records.content());
      records = again;
      List<Runnable> all = new ArrayList<>(told);
      all.addAll(tells);
      tells = all;
    }
  }
}
