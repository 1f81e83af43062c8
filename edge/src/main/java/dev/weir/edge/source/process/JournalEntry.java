package dev.weir.edge.source.process;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// One entry of the journal: its fields in their order, the first of each name, cut at the limit.
///
/// @param isCut whether something was over the limit
record JournalEntry(Map<String, Bytes> fields, boolean isCut) {
  private static final int MAX_HEADERS = Message.MAX_HEADERS - 4;
  private static final int MAX_HEADER_BYTES = Message.MAX_HEADER_BYTES - 1024;

  /// Longer values are in the journal for programs; a header is read by people and filters.
  private static final int MAX_VALUE_BYTES = 1024;

  /// What is looked for first, under the names that the syslog source has.
  private static final Map<String, String> KNOWN = known();

  private static Map<String, String> known() {
    Map<String, String> known = new LinkedHashMap<>();
    known.put("_HOSTNAME", "host");
    known.put("SYSLOG_IDENTIFIER", "app");
    known.put("_PID", "procid");
    known.put("_SYSTEMD_UNIT", "unit");
    return Collections.unmodifiableMap(known);
  }

  private static final String[] SEVERITIES = {
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
  };

  String cursor() {
    return text("__CURSOR");
  }

  /// The message, its time and its fields as headers, as far as they fit: other fields under their
  /// own names, but for those of the journal's own book-keeping.
  Message message(String topic, long nowMicros) {
    Map<String, String> headers = new LinkedHashMap<>();
    int[] bytes = {0};
    String priority = text("PRIORITY");
    if (priority.matches("[0-7]")) {
      put(headers, bytes, "severity", SEVERITIES[Integer.parseInt(priority)]);
    }
    KNOWN.forEach((field, header) -> put(headers, bytes, header, text(field)));
    fields.forEach((field, _) -> {
      boolean isOther =
          !KNOWN.containsKey(field)
              && !field.startsWith("__")
              && !field.equals("MESSAGE")
              && !field.equals("PRIORITY");
      if (isOther) {
        put(headers, bytes, field, text(field));
      }
    });
    if (isCut) {
      headers.put("weir-split", "1+");
    }
    String time = text("__REALTIME_TIMESTAMP");
    return Message.of(topic, fields.getOrDefault("MESSAGE", Bytes.EMPTY))
        .withTimeMicros(time.matches("[0-9]{1,18}") ? Long.parseLong(time) : nowMicros)
        .withHeaders(headers)
        .withContentType("text/plain");
  }

  private String text(String field) {
    return fields.getOrDefault(field, Bytes.EMPTY).utf8();
  }

  private static void put(Map<String, String> headers, int[] bytes, String name, String value) {
    int added = 3 * (name.length() + value.length()); // As UTF-8 at most.
    boolean isFitting =
        !value.isEmpty()
            && value.length() <= MAX_VALUE_BYTES
            && headers.size() < MAX_HEADERS
            && bytes[0] + added <= MAX_HEADER_BYTES;
    if (isFitting) {
      bytes[0] += added;
      headers.put(name, value);
    }
  }
}
