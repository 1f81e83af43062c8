package dev.weir.broker.embedded;

import dev.weir.broker.RetainedMessage;
import dev.weir.broker.retained.TopicIndex;
import dev.weir.log.FrameType;
import dev.weir.log.Log;
import dev.weir.log.LogEvent;
import dev.weir.log.LogReader;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Reads one page of retained messages: topics in order, their frames anywhere in the log. Frames
/// that lie near each other are read on the way. Used once, by one thread.
final class RetainedReading {
  /// Reading on past so many frames is cheaper than opening a reader.
  private static final int NEAR = 64;

  /// A compaction may move a frame while it is looked for; twice in a row hardly.
  private static final int ATTEMPTS = 4;

  /// A topic and where its frame stood when it was looked up.
  record Found(String topic, long offset) {}

  private final Log log;
  private final String stream;
  private final ToLongFunction<String> offsets;
  private final Map<String, RetainedMessage> read = new HashMap<>();

  /// @param offsets where a topic's frame stands now
  RetainedReading(Log log, String stream, ToLongFunction<String> offsets) {
    this.log = log;
    this.stream = stream;
    this.offsets = offsets;
  }

  /// What all topics begin with that any of the filters matches.
  static String commonPrefix(List<TopicFilter> filters) {
    String common = prefix(filters.getFirst());
    for (TopicFilter filter : filters) {
      String other = prefix(filter);
      int length = 0;
      while (length < Math.min(common.length(), other.length())
          && common.charAt(length) == other.charAt(length)) {
        length++;
      }
      // Half of a surrogate pair is no prefix in UTF-8.
      boolean isSplit = length > 0 && Character.isHighSurrogate(common.charAt(length - 1));
      common = common.substring(0, isSplit ? length - 1 : length);
    }
    return common;
  }

  /// `a/#` matches `a`, too, so that a slash in front of `#` does not count.
  private static String prefix(TopicFilter filter) {
    String text = filter.toString();
    int plus = text.indexOf('+');
    int hash = text.indexOf('#');
    if (plus >= 0) {
      return text.substring(0, plus);
    }
    return hash < 0 ? text : text.substring(0, Math.max(0, hash - 1));
  }

  /// The messages of a page; those that were cleared meanwhile are left out.
  List<RetainedMessage> read(List<Found> page) throws IOException {
    List<Found> open = page;
    for (int i = 0; i < ATTEMPTS && !open.isEmpty(); i++) {
      open = readAll(open);
    }
    List<RetainedMessage> messages = new ArrayList<>();
    for (Found each : page) {
      RetainedMessage message = read.get(each.topic());
      if (message != null) {
        messages.add(message);
      }
    }
    return messages;
  }

  /// @return those that were not where they were looked for, with where they are now
  private List<Found> readAll(List<Found> wanted) throws IOException {
    List<Found> ordered = new ArrayList<>(wanted);
    ordered.sort(Comparator.comparingLong(Found::offset));
    List<Found> moved = new ArrayList<>();
    @Nullable LogReader reader = null;
    try {
      for (Found each : ordered) {
        if (reader == null || each.offset() - reader.position() > NEAR) {
          if (reader != null) {
            reader.close();
          }
          reader = log.reader(each.offset());
        }
        RetainedMessage message = at(reader, each);
        if (message == null) {
          long now = offsets.applyAsLong(each.topic());
          if (now != TopicIndex.ABSENT && now != each.offset()) {
            moved.add(new Found(each.topic(), now));
          }
        } else {
          read.put(each.topic(), message);
        }
      }
    } finally {
      if (reader != null) {
        reader.close();
      }
    }
    return moved;
  }

  private @Nullable RetainedMessage at(LogReader reader, Found wanted) throws IOException {
    while (reader.position() <= wanted.offset()) {
      LogEvent event = reader.next();
      if (event == null) {
        return null;
      }
      if (event instanceof LogEvent.Frame frame
          && frame.type() == FrameType.DATA
          && frame.baseOffset() == wanted.offset()) {
        return RetainedFrames.message(frame, RetainedFrames.head(frame.header()), stream);
      }
    }
    return null;
  }
}
