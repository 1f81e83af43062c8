package dev.weir.edge.spool;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.Batch;
import dev.weir.message.Codec;
import dev.weir.message.Dictionary;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Makes batches of the spool's frames, with the dictionaries that stand in the same segments.
///
/// ```
/// spool segment  ├ header ┼ SNAP ┼ … ┼ CONTROL dictionary 40001 ┼ DATA 40001 ┼ DATA 40001 ┼ … ┤
///                                      └── put there by the log, once, in front of its first user
/// ```
///
/// The latest used are kept, so that a reader of one segment decodes its dictionary once. Belongs
/// to one reader.
final class SpoolDictionaries {
  /// The classes of data of one edge, twice.
  private static final int MAX_KEPT = 16;

  private final Map<Integer, Dictionary> kept =
      new LinkedHashMap<>(MAX_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Dictionary> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /// The batch of the frame that the reader gave last.
  ///
  /// @throws WeirException with MALFORMED when it is none, UNKNOWN_DICTIONARY when no segment has
  ///   its dictionary whole
  Batch batch(LogEvent.Frame frame, LogReader reader) throws IOException {
    return batch(frame, dictionary(frame.dictionaryId(), reader));
  }

  /// The batch of a frame that has no dictionary.
  static Batch batch(LogEvent.Frame frame) {
    return batch(frame, Optional.empty());
  }

  private static Batch batch(LogEvent.Frame frame, Optional<Dictionary> dictionary) {
    return new Batch(
        Codec.of(frame.codec()),
        dictionary,
        frame.count(),
        frame.rawLength(),
        frame.header(),
        frame.payload());
  }

  private Optional<Dictionary> dictionary(int id, LogReader reader) throws IOException {
    if (id == 0) {
      return Optional.empty();
    }
    Dictionary known = kept.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    Bytes found = reader.dictionary(id);
    if (found.isEmpty()) {
      throw new WeirException(
          ErrorCode.UNKNOWN_DICTIONARY, "Dictionary " + id + " of the spool is damaged.");
    }
    Dictionary dictionary = Dictionary.of(found);
    kept.put(id, dictionary);
    return Optional.of(dictionary);
  }
}
