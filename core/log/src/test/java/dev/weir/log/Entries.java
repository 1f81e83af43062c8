package dev.weir.log;

import dev.weir.base.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Entries whose header is their topic and whose payload is a text, and reading them back.
final class Entries {
  static final TopicExtractor TOPIC_IS_HEADER = (header, topics) -> topics.accept(header.utf8());

  private Entries() {}

  static LogEntry of(String topic, String body) {
    return LogEntry.data(1, Bytes.utf8(topic), Bytes.utf8(body));
  }

  static LogEntry sized(int bytes) {
    return LogEntry.data(1, Bytes.utf8("t"), Bytes.wrap(new byte[bytes]));
  }

  static List<String> bodies(LogReader reader) throws IOException {
    List<String> bodies = new ArrayList<>();
    for (LogEvent event = reader.next(); event != null; event = reader.next()) {
      switch (event) {
        case LogEvent.Frame frame -> {
          if (!frame.isDictionary()) {
            bodies.add(frame.payload().utf8());
          }
        }
        case LogEvent.Gap gap ->
            bodies.add(gap.reason() + "[" + gap.fromOffset() + "," + gap.toOffset() + ")");
      }
    }
    return bodies;
  }

  static void drain(Log log) {
    while (log.step() > 0) {
      // until nothing is left to do
    }
  }
}
