package dev.weir.edge.source.metrics;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Gathers samples into messages of Prometheus' text exposition format 0.0.4: a sample a line,
/// `name{label="value"} 1.5 1732550400000`, the last number milliseconds since 1970. Owned by one
/// thread.
///
/// A body ends with a line and holds at most 64 KiB, so that a message passes every default limit
/// behind it.
public final class MetricLines {
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  /// A reader that keeps no lines longer than this is spared from splitting.
  static final int MAX_BODY_BYTES = 64 << 10;

  private final String topic;
  private final Map<String, String> headers;
  private final long timeMicros;
  private final String ending;
  private final StringBuilder body = new StringBuilder();
  private final List<Message> messages = new ArrayList<>();
  private int bodyBytes;

  /// @param headers of each message
  /// @param timeMicros of each sample
  public MetricLines(String topic, Map<String, String> headers, long timeMicros) {
    this.topic = topic;
    this.headers = Map.copyOf(headers);
    this.timeMicros = timeMicros;
    this.ending = " " + timeMicros / 1000 + "\n";
  }

  /// @param name a metric's name, as [#name] makes them
  /// @param labels nothing, or labels as [#label] makes them, joined by commas
  public void add(String name, String labels, double value) {
    String line =
        labels.isEmpty()
            ? name + " " + text(value) + ending
            : name + "{" + labels + "} " + text(value) + ending;
    int bytes = line.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BODY_BYTES) {
      return; // The limits of names and labels keep lines far below.
    }
    if (bodyBytes + bytes > MAX_BODY_BYTES) {
      endBody();
    }
    body.append(line);
    bodyBytes += bytes;
  }

  /// Everything that was added.
  public List<Message> messages() {
    endBody();
    return List.copyOf(messages);
  }

  private void endBody() {
    if (bodyBytes > 0) {
      messages.add(
          Message.of(topic, Bytes.utf8(body.toString()))
              .withTimeMicros(timeMicros)
              .withHeaders(headers)
              .withContentType(CONTENT_TYPE));
      body.setLength(0);
      bodyBytes = 0;
    }
  }

  /// A name that the format allows: `[a-zA-Z_:][a-zA-Z0-9_:]*`, other characters become `_`.
  public static String name(String raw) {
    return allowed(raw, true);
  }

  /// `name="value"`, with what the format wants escaped.
  public static String label(String rawName, String value) {
    StringBuilder label = new StringBuilder(allowed(rawName, false)).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> label.append("\\\\");
        case '"' -> label.append("\\\"");
        case '\n' -> label.append("\\n");
        default -> label.append(c);
      }
    }
    return label.append('"').toString();
  }

  private static String allowed(String raw, boolean hasColon) {
    StringBuilder name = new StringBuilder(raw.length() + 1);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean isDigit = c >= '0' && c <= '9';
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (i == 0 && isDigit) {
        name.append('_');
      }
      name.append(isDigit || isLetter || (hasColon && c == ':') ? c : '_');
    }
    return name.isEmpty() ? "_" : name.toString();
  }

  /// Whole numbers without a point, others as short as reads back the same.
  private static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.toString(value).toLowerCase(Locale.ROOT);
  }
}
