package dev.weir.broker.embedded;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.base.disk.Disk;
import dev.weir.broker.DictionaryShelf;
import dev.weir.broker.Engine;
import dev.weir.broker.EngineAppend;
import dev.weir.broker.EngineJournal;
import dev.weir.broker.EngineListener;
import dev.weir.broker.EngineReader;
import dev.weir.broker.EngineStats;
import dev.weir.broker.JournalOwner;
import dev.weir.broker.LaneSequence;
import dev.weir.broker.PublishListener;
import dev.weir.broker.RetainedStore;
import dev.weir.log.Log;
import dev.weir.log.Retention;
import dev.weir.message.BatchSource;
import dev.weir.message.StoredLane;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/// Keeps a stream in one segmented log a partition, and suppresses duplicates ([Admission]).
///
/// Threads: each partition's log brings its own two; everything else runs on the caller's.
public final class EmbeddedEngine implements Engine {
  private final EmbeddedEngineConfig config;
  private final Disk disk;
  private final Clock clock;
  private final List<EnginePartition> partitions = new ArrayList<>();
  private final Admission admission;

  /// Kept in the first partition's log; the others copy what they use.
  private final EngineDictionaries dictionaries =
      new EngineDictionaries((entry, listener) -> firstLog().offer(entry, listener));

  private EmbeddedEngine(EmbeddedEngineConfig config, Disk disk, Clock clock) {
    this.config = config;
    this.disk = disk;
    this.clock = clock;
    this.admission = new Admission(config, clock, partitions);
  }

  /// Opens the stream, creating it when the directory is empty, and rebuilds the duplicate state.
  ///
  /// @throws IOException when the directory cannot be read or written
  /// @throws WeirException DATA_DIRECTORY_LOCKED when another process has it, CONFIG_INVALID when
  ///   it holds more partitions than configured
  public static EmbeddedEngine open(EmbeddedEngineConfig config, Disk disk, Clock clock)
      throws IOException {
    EmbeddedEngine engine = new EmbeddedEngine(config, disk, clock);
    engine.checkPartitions(disk);
    boolean isOpen = false;
    try {
      for (int i = 0; i < config.partitions(); i++) {
        EnginePartition partition = new EnginePartition(engine.admission, config, i, disk, clock);
        engine.partitions.add(partition);
        engine.admission.restore(partition, engine.dictionaries);
      }
      isOpen = true;
      return engine;
    } finally {
      if (!isOpen) {
        engine.close();
      }
    }
  }

  private Log firstLog() {
    return partitions.getFirst().log();
  }

  private void checkPartitions(Disk disk) throws IOException {
    Path surplus = EnginePartition.directory(config, config.partitions());
    if (!disk.list(surplus).isEmpty()) {
      throw new WeirException(
          ErrorCode.CONFIG_INVALID,
          "Stream '"
              + config.stream()
              + "' is configured with "
              + config.partitions()
              + " partitions, but "
              + surplus
              + " holds another one.");
    }
  }

  @Override
  public void start(EngineListener listener) {
    admission.start(listener);
  }

  @Override
  public String stream() {
    return config.stream();
  }

  @Override
  public int partitions() {
    return partitions.size();
  }

  @Override
  public boolean hasRoom(int bytes) {
    return partitions.stream().anyMatch(partition -> partition.hasRoom(bytes));
  }

  @Override
  public boolean offer(EngineAppend append, PublishListener listener) {
    return admission.offer(append, listener);
  }

  @Override
  public boolean pass(LaneSequence identity, ErrorCode code, PublishListener listener) {
    return admission.pass(identity, code, listener);
  }

  @Override
  public long durableSequence(BatchSource source, int lane) {
    return admission.durableSequence(source, lane);
  }

  @Override
  public CompletionStage<StoredLane> resumeLane(BatchSource source, int lane, long firstSequence) {
    return admission.resumeLane(source, lane, firstSequence);
  }

  @Override
  public long firstOffset(int partition) {
    return partitions.get(partition).log().firstOffset();
  }

  @Override
  public long endOffset(int partition) {
    return partitions.get(partition).log().durableOffset();
  }

  @Override
  public long offsetAtTime(int partition, long epochMicros) throws IOException {
    return partitions.get(partition).log().offsetAtTime(epochMicros);
  }

  @Override
  public EngineReader reader(int partition, long fromOffset, Predicate<String> topics) {
    return new FrameReader(
        partitions.get(partition).log().reader(fromOffset, topics), dictionaries, partition);
  }

  @Override
  public void retainFrom(int partition, long offset) {
    partitions.get(partition).log().retainFrom(offset);
  }

  /// Changes when old messages go, from now on. Any thread.
  public void setRetention(Retention retention) {
    partitions.forEach(partition -> partition.log().setRetention(retention));
  }

  @Override
  public DictionaryShelf dictionaries() {
    return dictionaries;
  }

  private Path journalDirectory(String name) {
    return config.directory().resolve(config.stream()).resolve(name);
  }

  @Override
  public boolean hasJournal(String name) throws IOException {
    return !disk.list(journalDirectory(name)).isEmpty();
  }

  @Override
  public EngineJournal openJournal(String name, JournalOwner owner) throws IOException {
    return EmbeddedJournal.open(
        name, journalDirectory(name), config.segmentBytes(), disk, clock, owner);
  }

  private Path retainedDirectory() {
    return config.directory().resolve(config.stream()).resolve("retained");
  }

  @Override
  public boolean hasRetained() throws IOException {
    return !disk.list(retainedDirectory()).isEmpty();
  }

  @Override
  public RetainedStore openRetained() throws IOException {
    return EmbeddedRetained.open(retainedDirectory(), config, disk, clock);
  }

  @Override
  public EngineStats stats() {
    return admission.stats();
  }

  @Override
  public void close() {
    admission.close();
    partitions.forEach(partition -> partition.log().close());
  }
}
