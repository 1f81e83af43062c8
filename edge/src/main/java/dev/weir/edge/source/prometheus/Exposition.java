package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.protobuf.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads what a target exposes, line by line: the text format 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats) or OpenMetrics 1.0. Used by one thread.
///
/// As in Prometheus, one line that is wrong makes the whole page wrong: nobody can tell what else
/// is. Of OpenMetrics `HELP`, `UNIT` and exemplars are passed over, which 0.0.4 cannot carry or
/// would need under another name.
final class Exposition {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?i:inf|infinity|nan)");
  private static final Pattern MILLIS = Pattern.compile("-?[0-9]{1,16}");
  private static final Set<String> TYPES =
      Set.of(
          "counter",
          "gauge",
          "histogram",
          "summary",
          "untyped",
          "unknown",
          "info",
          "stateset",
          "gaugehistogram");

  /// Labels that are ours to set: a target's own are renamed.
  private static final Set<String> OURS = Set.of("instance", "job");

  /// What a line is.
  enum Kind {
    HELP,
    TYPE,
    SAMPLE
  }

  private final Bytes text;
  private final boolean isOpenMetrics;
  private int lineNumber;
  private int next;
  private int at;
  private int end;
  private boolean isComplete;
  private Kind kind = Kind.SAMPLE;
  private Bytes name = Bytes.EMPTY;
  private Bytes rest = Bytes.EMPTY;
  private Bytes labels = Bytes.EMPTY;
  private final List<Integer> clashes = new ArrayList<>();
  private OptionalLong timestampMillis = OptionalLong.empty();

  Exposition(Bytes text, boolean isOpenMetrics) {
    this.text = text;
    this.isOpenMetrics = isOpenMetrics;
  }

  /// Reads all of it.
  ///
  /// @return the number of samples
  /// @throws WeirException with MALFORMED, naming the line
  static int check(Bytes text, boolean isOpenMetrics) {
    int from = text.arrayOffset();
    if (Utf8.firstInvalid(text.array(), from, from + text.length()) >= 0) {
      throw new WeirException(ErrorCode.MALFORMED, "The page is not UTF-8.");
    }
    Exposition lines = new Exposition(text, isOpenMetrics);
    int sampleCount = 0;
    while (lines.next()) {
      sampleCount += lines.kind() == Kind.SAMPLE ? 1 : 0;
    }
    return sampleCount;
  }

  /// Moves to the next line that says something.
  ///
  /// @return false at the end
  /// @throws WeirException with MALFORMED
  boolean next() {
    while (next < text.length()) {
      line();
      blanks();
      if (at == end) {
        continue;
      }
      if (isComplete) {
        throw malformed("it follows # EOF");
      }
      if (text.at(at) != '#') {
        sample();
        return true;
      }
      if (comment()) {
        return true;
      }
    }
    if (isOpenMetrics && !isComplete) {
      throw malformed("the page ends without # EOF");
    }
    return false;
  }

  boolean isOpenMetrics() {
    return isOpenMetrics;
  }

  Kind kind() {
    return kind;
  }

  /// The metric's name.
  Bytes name() {
    return name;
  }

  /// The help, the type, or the value, as it is written.
  Bytes rest() {
    return rest;
  }

  /// The labels of a sample, as they stand between the braces.
  Bytes labels() {
    return labels;
  }

  /// Where in the labels the names begin that are ours to set.
  List<Integer> clashes() {
    return clashes;
  }

  /// The sample's own time.
  OptionalLong timestampMillis() {
    return timestampMillis;
  }

  private void line() {
    lineNumber++;
    at = next;
    end = at;
    while (end < text.length() && text.at(end) != '\n') {
      end++;
    }
    next = end + 1;
    if (end > at && text.at(end - 1) == '\r') {
      end--;
    }
  }

  private boolean comment() {
    at++;
    blanks();
    String word = word().utf8();
    blanks();
    if (word.equals("EOF") && isOpenMetrics) {
      isComplete = true;
      return false;
    }
    boolean isHelp = word.equals("HELP") && !isOpenMetrics;
    if (!isHelp && !word.equals("TYPE")) {
      return false;
    }
    int start = at;
    at = nameEnd();
    name = text.slice(start, at - start);
    blanks();
    rest = text.slice(at, end - at);
    kind = isHelp ? Kind.HELP : Kind.TYPE;
    if (!isHelp && !TYPES.contains(rest.utf8().strip())) {
      throw malformed("the type '" + shown(rest) + "' is unknown");
    }
    return true;
  }

  private void sample() {
    kind = Kind.SAMPLE;
    int start = at;
    at = nameEnd();
    name = text.slice(start, at - start);
    blanks();
    labels = Bytes.EMPTY;
    clashes.clear();
    if (at < end && text.at(at) == '{') {
      readLabels();
      blanks();
    }
    rest = word();
    if (!NUMBER.matcher(rest.utf8()).matches()) {
      throw malformed("'" + shown(rest) + "' is not a value");
    }
    blanks();
    timestampMillis = OptionalLong.empty();
    if (at < end && text.at(at) != '#') {
      timestampMillis = OptionalLong.of(timestamp(word()));
      blanks();
    }
    boolean isExemplar = isOpenMetrics && at < end && text.at(at) == '#';
    if (at < end && !isExemplar) {
      throw malformed("more follows the sample");
    }
  }

  private long timestamp(Bytes word) {
    String digits = word.utf8();
    if (!isOpenMetrics && MILLIS.matcher(digits).matches()) {
      return Long.parseLong(digits);
    }
    if (isOpenMetrics && NUMBER.matcher(digits).matches()) {
      double millis = Double.parseDouble(digits) * 1000;
      if (Math.abs(millis) < 1e16) {
        return Math.round(millis);
      }
    }
    throw malformed("'" + shown(word) + "' is not a time");
  }

  private void readLabels() {
    at++;
    int start = at;
    while (true) {
      blanks();
      if (byteHere() == '}') {
        break;
      }
      int nameStart = at;
      at = nameEnd();
      if (OURS.contains(text.slice(nameStart, at - nameStart).utf8())) {
        clashes.add(nameStart - start);
      }
      blanks();
      expect('=');
      blanks();
      labelValue();
      blanks();
      if (byteHere() == ',') {
        at++;
      } else if (byteHere() != '}') {
        throw malformed("',' or '}' was expected after a label");
      }
    }
    labels = text.slice(start, at - start);
    at++;
  }

  private void labelValue() {
    expect('"');
    while (byteHere() != '"') {
      if (text.at(at) == '\\') {
        at++;
        if ("\\\"n".indexOf(byteHere()) < 0) {
          throw malformed("an unknown escape in a label");
        }
      }
      at++;
    }
    at++;
  }

  /// Where the name ends that begins here.
  private int nameEnd() {
    int index = at;
    while (index < end && isNameByte(text.at(index), index > at)) {
      index++;
    }
    if (index == at) {
      throw malformed("a name was expected");
    }
    return index;
  }

  private static boolean isNameByte(byte b, boolean isLater) {
    int letter = b | 0x20;
    return (letter >= 'a' && letter <= 'z')
        || b == '_'
        || b == ':'
        || (isLater && b >= '0' && b <= '9');
  }

  private Bytes word() {
    int start = at;
    while (at < end && text.at(at) != ' ' && text.at(at) != '\t') {
      at++;
    }
    return text.slice(start, at - start);
  }

  private void blanks() {
    while (at < end && (text.at(at) == ' ' || text.at(at) == '\t')) {
      at++;
    }
  }

  private int byteHere() {
    if (at >= end) {
      throw malformed("the line ends too early");
    }
    return text.at(at);
  }

  private void expect(char c) {
    if (byteHere() != c) {
      throw malformed("'" + c + "' was expected");
    }
    at++;
  }

  private static String shown(Bytes word) {
    return word.slice(0, Math.min(word.length(), 32)).utf8();
  }

  private WeirException malformed(String fault) {
    return new WeirException(
        ErrorCode.MALFORMED, "Line " + lineNumber + " of the page is not valid: " + fault + ".");
  }
}
