package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.DictionaryShelf;
import dev.weir.log.AppendListener;
import dev.weir.log.LogEntry;
import dev.weir.log.LogEvent;
import dev.weir.message.Dictionary;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dictionaries of an engine, as many as memory may hold; the least used go first.
///
/// Nothing depends on this memory: a batch carries its dictionary until it is in the log, the log
/// has a copy in each segment that uses it, and a sender that is told UNKNOWN_DICTIONARY publishes
/// it again. So it may forget, and a start reads no more than the newest segment.
///
/// Any thread; the monitor is held for map operations only.
final class EngineDictionaries implements DictionaryShelf {
  private static final Logger LOG = LoggerFactory.getLogger(EngineDictionaries.class);

  /// Some 30 MiB with the digested forms at the default size: more classes of data than a fleet's
  /// edges have together.
  static final int MAX_DICTIONARIES = 128;

  static final long MAX_BYTES = 32L << 20;

  static final int MAX_CLASS_BYTES = 255;

  private final Map<Integer, Shelved> shelf = new LinkedHashMap<>(16, 0.75f, true);
  private final BiPredicate<LogEntry, AppendListener> log;
  private long bytes;

  /// @param log appends an entry; false when there is no room
  EngineDictionaries(BiPredicate<LogEntry, AppendListener> log) {
    this.log = log;
  }

  @Override
  public synchronized Optional<Dictionary> find(int id) {
    return Optional.ofNullable(shelf.get(id)).map(Shelved::dictionary);
  }

  @Override
  public CompletionStage<Void> keep(Dictionary dictionary, String dataClass) {
    Optional<Dictionary> known = find(dictionary.id());
    if (known.isPresent()) {
      return known.get().equals(dictionary)
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(
              new WeirException(
                  ErrorCode.DICTIONARY_REFUSED,
                  "Another dictionary has the id " + dictionary.id() + "."));
    }
    CompletableFuture<Void> kept = new CompletableFuture<>();
    LogEntry entry =
        LogEntry.dictionary(dictionary.id(), dictionary.bytes(), Bytes.utf8(dataClass));
    try {
      if (!log.test(entry, new Kept(dictionary, dataClass, kept))) {
        kept.completeExceptionally(
            new WeirException(ErrorCode.OVERLOADED, "The log has no room now."));
      }
    } catch (WeirException | IllegalStateException e) {
      kept.completeExceptionally(e);
    }
    return kept;
  }

  /// Takes what a reader found in a segment.
  ///
  /// @return empty when it does not decode
  Optional<Dictionary> learned(Bytes found, String dataClass) {
    try {
      Dictionary dictionary = Dictionary.of(found);
      put(new Shelved(dictionary, dataClass));
      return Optional.of(dictionary);
    } catch (WeirException e) {
      LOG.warn("a dictionary of the log does not decode: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /// A frame of the newest segment, met while opening.
  void restore(LogEvent.Frame frame) {
    String dataClass = frame.header().length() > MAX_CLASS_BYTES ? "" : frame.header().utf8();
    var _ = learned(frame.payload(), dataClass);
  }

  private synchronized void put(Shelved shelved) {
    Shelved known = shelf.get(shelved.dictionary().id());
    if (known != null) {
      return; // The first content of an id is the one that counts.
    }
    shelf.put(shelved.dictionary().id(), shelved);
    bytes += shelved.dictionary().bytes().length();
    Iterator<Shelved> eldest = shelf.values().iterator();
    while (shelf.size() > MAX_DICTIONARIES || bytes > MAX_BYTES) {
      bytes -= eldest.next().dictionary().bytes().length();
      eldest.remove();
    }
  }

  @Override
  public synchronized List<Shelved> recent() {
    List<Shelved> recent = new ArrayList<>();
    for (Shelved shelved : shelf.values()) {
      if (!shelved.dataClass().isEmpty()) {
        recent.addFirst(shelved);
      }
    }
    return List.copyOf(recent.subList(0, Math.min(recent.size(), MAX_OFFERED)));
  }

  @Override
  public synchronized int size() {
    return shelf.size();
  }

  /// The outcome of an append, on the log's thread.
  private final class Kept implements AppendListener {
    private final Dictionary dictionary;
    private final String dataClass;
    private final CompletableFuture<Void> kept;

    Kept(Dictionary dictionary, String dataClass, CompletableFuture<Void> kept) {
      this.dictionary = dictionary;
      this.dataClass = dataClass;
      this.kept = kept;
    }

    @Override
    public void durable(
        long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
      put(new Shelved(dictionary, dataClass));
      kept.complete(null);
    }

    @Override
    public void failed(WeirException cause) {
      kept.completeExceptionally(cause);
    }
  }
}
