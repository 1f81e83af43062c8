package dev.weir.gateway.web.http;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Percent-encoding as RFC 3986 has it: `+` is a plus, in paths and in queries, and what is decoded
/// must be UTF-8. (Netty's decoder reads `+` in queries as a blank unless told otherwise, and
/// replaces what is no UTF-8, so that two names could become one.) Pure.
public final class PercentText {
  private static final int MAX_PARAMETERS = 128;

  private PercentText() {}

  /// @throws WeirException with MALFORMED when a percent sign has no two digits behind it, or the
  ///   bytes are no UTF-8
  public static String decode(String text) {
    if (text.indexOf('%') < 0 && isAscii(text)) {
      return text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(hex(text, i + 1) << 4 | hex(text, i + 2));
        i += 2;
      } else {
        bytes.write(c); // Netty reads the request line as Latin-1: a byte a char.
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException _) {
      throw new WeirException(ErrorCode.MALFORMED, "'" + shown(text) + "' is not UTF-8.");
    }
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  private static int hex(String text, int index) {
    int digit = index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
    if (digit < 0) {
      throw new WeirException(
          ErrorCode.MALFORMED, "'" + shown(text) + "' has a % without two hexadecimal digits.");
    }
    return digit;
  }

  /// The parameters of a query, without its question mark.
  ///
  /// @throws WeirException with MALFORMED, also for more than 128 of them
  public static Map<String, List<String>> query(String rawQuery) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    int count = 0;
    for (String pair : rawQuery.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (++count > MAX_PARAMETERS) {
        throw new WeirException(
            ErrorCode.MALFORMED, "The query has more than " + MAX_PARAMETERS + " parameters.");
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }
    return parameters;
  }

  private static String shown(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
