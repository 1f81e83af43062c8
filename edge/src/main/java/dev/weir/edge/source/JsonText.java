package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayList;
import java.util.List;

/// Checks JSON texts (RFC 8259) and cuts arrays into their elements, byte for byte as they stand.
/// Bytes of strings are not checked for UTF-8: they are passed on as they are.
public final class JsonText {
  /// Nesting is a recursion here; real documents stay far below.
  private static final int MAX_DEPTH = 256;

  private final Bytes text;
  private int index;

  private JsonText(Bytes text) {
    this.text = text;
  }

  /// The elements of an array, or the one value that is not an array.
  ///
  /// @throws WeirException with MALFORMED when it is not JSON, naming the byte
  public static List<Bytes> elements(Bytes text) {
    JsonText json = new JsonText(text);
    json.space();
    List<Bytes> elements = new ArrayList<>();
    if (json.peek() == '[') {
      json.array(1, elements);
    } else {
      elements.add(json.element(0));
    }
    json.space();
    if (json.index < text.length()) {
      throw json.malformed("more follows the value");
    }
    return elements;
  }

  /// @throws WeirException with MALFORMED unless the text is exactly one value
  public static void check(Bytes text) {
    JsonText json = new JsonText(text);
    json.space();
    json.value(0);
    json.space();
    if (json.index < text.length()) {
      throw json.malformed("more follows the value");
    }
  }

  /// A text as JSON writes it.
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private Bytes element(int depth) {
    int start = index;
    value(depth);
    return text.slice(start, index - start);
  }

  private void value(int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("more than " + MAX_DEPTH + " levels");
    }
    switch (peek()) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1, new ArrayList<>(0));
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    }
  }

  private void array(int depth, List<Bytes> elements) {
    boolean isOutermost = depth == 1;
    index++;
    space();
    if (peek() == ']') {
      index++;
      return;
    }
    while (true) {
      space();
      if (isOutermost) {
        elements.add(element(depth));
      } else {
        value(depth);
      }
      space();
      if (peek() == ']') {
        index++;
        return;
      }
      expect(',');
    }
  }

  private void object(int depth) {
    index++;
    space();
    if (peek() == '}') {
      index++;
      return;
    }
    while (true) {
      space();
      string();
      space();
      expect(':');
      space();
      value(depth);
      space();
      if (peek() == '}') {
        index++;
        return;
      }
      expect(',');
    }
  }

  private void string() {
    expect('"');
    while (true) {
      int b = next();
      if (b == '"') {
        return;
      }
      if (b >= 0 && b < 0x20) {
        throw malformed("a control character inside a string");
      }
      if (b == '\\') {
        escape();
      }
    }
  }

  private void escape() {
    int b = next();
    if (b == 'u') {
      for (int i = 0; i < 4; i++) {
        if (Character.digit(next(), 16) < 0) {
          throw malformed("\\u needs four hexadecimal digits");
        }
      }
    } else if ("\"\\/bfnrt".indexOf(b) < 0) {
      throw malformed("an unknown escape");
    }
  }

  private void number() {
    if (peek() == '-') {
      index++;
    }
    if (peek() == '0') {
      index++;
    } else {
      digits();
    }
    if (index < text.length() && text.at(index) == '.') {
      index++;
      digits();
    }
    if (index < text.length() && (text.at(index) | 0x20) == 'e') {
      index++;
      if (peek() == '+' || peek() == '-') {
        index++;
      }
      digits();
    }
  }

  private void digits() {
    int start = index;
    while (index < text.length() && text.at(index) >= '0' && text.at(index) <= '9') {
      index++;
    }
    if (index == start) {
      throw malformed("a value was expected");
    }
  }

  private void literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void space() {
    while (index < text.length() && " \t\r\n".indexOf(text.at(index)) >= 0) {
      index++;
    }
  }

  private void expect(char c) {
    if (next() != c) {
      index--;
      throw malformed("'" + c + "' was expected");
    }
  }

  private int peek() {
    if (index >= text.length()) {
      throw malformed("it ends too early");
    }
    return text.at(index);
  }

  private int next() {
    int b = peek();
    index++;
    return b;
  }

  private WeirException malformed(String fault) {
    return new WeirException(
        ErrorCode.MALFORMED, "The JSON text is not valid at byte " + index + ": " + fault + ".");
  }
}
