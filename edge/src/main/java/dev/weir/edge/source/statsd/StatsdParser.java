package dev.weir.edge.source.statsd;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.metrics.MetricLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Reads lines of statsd (Etsy's `metric_types.md`) with DogStatsD's extensions (protocol 1.2):
/// tags, several values, a container and a timestamp, the last two of which are passed over.
///
/// ```
///   name:value|type|@rate|#tag:value,tag
///   name:1:2:3|ms                     several values of one type
///   name:1|c:2|ms                     several types
/// ```
///
/// Events (`_e{`) and service checks (`_sc|`) are no metrics and are refused.
final class StatsdParser {
  /// As long as a line of text that is read by a person; a key of a series is held in memory.
  private static final int MAX_NAME_CHARS = 512;

  private static final int MAX_TAGS = 32;
  private static final int MAX_LABEL_CHARS = 2048;
  private static final int MAX_MEMBER_CHARS = 256;

  /// A rate below is a mistake: one sample would stand for more than ten million.
  private static final double MIN_RATE = 1e-7;

  private StatsdParser() {}

  /// @throws WeirException with MALFORMED or TOO_LARGE; no sample of the line is taken then
  static List<StatsdSample> parse(String line) {
    int colon = line.indexOf(':');
    if (colon <= 0 || line.startsWith("_e{") || line.startsWith("_sc|")) {
      throw malformed(line, "no name and value");
    }
    if (colon > MAX_NAME_CHARS) {
      throw new WeirException(ErrorCode.TOO_LARGE, "statsd: a name has " + colon + " characters.");
    }
    String name = MetricLines.name(line.substring(0, colon));
    String labels = labels(line);
    List<StatsdSample> samples = new ArrayList<>();
    int from = colon + 1;
    while (from < line.length()) {
      int end = endOfGroup(line, from);
      group(line, line.substring(from, end), name, labels, samples);
      from = end + 1;
    }
    if (samples.isEmpty()) {
      throw malformed(line, "no value");
    }
    return samples;
  }

  /// A group ends at a colon that follows its type; colons before the type part values, and those
  /// of tags are tags'.
  private static int endOfGroup(String line, int from) {
    int bar = line.indexOf('|', from);
    if (bar < 0) {
      return line.length();
    }
    for (int i = bar; i < line.length(); i++) {
      if (line.charAt(i) == '#' || (i > bar + 1 && line.startsWith("|c:", i))) {
        return line.length();
      }
      if (line.charAt(i) == ':') {
        return i;
      }
    }
    return line.length();
  }

  private static void group(
      String line, String group, String name, String labels, List<StatsdSample> samples) {
    String[] fields = group.split("\\|", -1);
    if (fields.length < 2) {
      throw malformed(line, "no type");
    }
    Optional<StatsdType> type = StatsdType.of(fields[1]);
    if (type.isEmpty()) {
      throw malformed(line, "type '" + shown(fields[1]) + "' is unknown");
    }
    double rate = 1;
    for (int i = 2; i < fields.length; i++) {
      if (fields[i].startsWith("@")) {
        rate = number(line, fields[i].substring(1));
      }
    }
    if (!(rate >= MIN_RATE && rate <= 1)) {
      throw malformed(line, "the sample rate is not above 0 and at most 1");
    }
    String[] values =
        type.get() == StatsdType.SET ? new String[] {fields[0]} : fields[0].split(":", -1);
    for (String value : values) {
      samples.add(sample(line, type.get(), name, labels, value, 1 / rate));
    }
  }

  private static StatsdSample sample(
      String line, StatsdType type, String name, String labels, String value, double weight) {
    if (type == StatsdType.SET) {
      if (value.isEmpty() || value.length() > MAX_MEMBER_CHARS) {
        throw malformed(line, "a member has " + value.length() + " characters");
      }
      return new StatsdSample(type, name, labels, 0, value, false, 1);
    }
    boolean isSigned = value.startsWith("+") || value.startsWith("-");
    boolean isDelta = type == StatsdType.GAUGE && isSigned;
    return new StatsdSample(type, name, labels, number(line, value), "", isDelta, weight);
  }

  private static String labels(String line) {
    int hash = line.indexOf("|#");
    if (hash < 0) {
      return "";
    }
    int end = line.indexOf('|', hash + 2);
    String tags = line.substring(hash + 2, end < 0 ? line.length() : end);
    TreeMap<String, String> sorted = new TreeMap<>();
    int chars = 0;
    for (String tag : tags.split(",", -1)) {
      int colon = tag.indexOf(':');
      if (!tag.isEmpty()) {
        String label =
            MetricLines.label(
                colon < 0 ? tag : tag.substring(0, colon),
                colon < 0 ? "" : tag.substring(colon + 1));
        chars += label.length() + 1;
        sorted.put(label.substring(0, label.indexOf('=')), label);
      }
    }
    if (sorted.size() > MAX_TAGS || chars > MAX_LABEL_CHARS) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "statsd: "
              + sorted.size()
              + " tags of "
              + chars
              + " characters, at most "
              + MAX_TAGS
              + " of "
              + MAX_LABEL_CHARS
              + " are taken.");
    }
    return String.join(",", sorted.values());
  }

  private static double number(String line, String text) {
    try {
      // Numbers as people write them; Java's would also be '1f' and '0x1p3'.
      if (text.length() <= 40 && text.matches("[+-]?[0-9.]+([eE][+-]?[0-9]{1,3})?")) {
        double value = Double.parseDouble(text);
        if (Double.isFinite(value)) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      // Several points: told like any other text.
    }
    throw malformed(line, "'" + shown(text) + "' is not a number");
  }

  private static WeirException malformed(String line, String fault) {
    return new WeirException(ErrorCode.MALFORMED, "statsd: '" + shown(line) + "': " + fault + ".");
  }

  private static String shown(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() > 60 ? printable.substring(0, 60) + "…" : printable;
  }
}
