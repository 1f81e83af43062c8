package dev.weir.kv;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;

/// The rules of bucket names: those of topics, 1 to 255 bytes of UTF-8 without wildcards and
/// control characters. Names that begin with `$` are Weir's own.
final class BucketName {
  /// Its length is one byte wherever it is written.
  static final int MAX_BYTES = 255;

  private BucketName() {}

  /// Returns the name when it is valid.
  ///
  /// @throws WeirException INVALID_TOPIC, naming what is wrong with it
  static String check(String name) {
    if (name.isEmpty() || Bytes.utf8(name).length() > MAX_BYTES) {
      throw invalid(name, "has not 1 to 255 bytes");
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '+' || c == '#') {
        throw invalid(name, "holds a wildcard");
      }
      if (Character.isISOControl(c) || c == '\uFFFD' || Character.isSurrogate(c)) {
        throw invalid(name, "holds a control or replacement character at index " + i);
      }
    }
    if (name.charAt(0) == '$') {
      throw invalid(name, "begins with $, as only Weir's own do");
    }
    return name;
  }

  private static WeirException invalid(String name, String fault) {
    String shown = name.length() > 32 ? name.substring(0, 32) + "…" : name;
    return new WeirException(
        ErrorCode.INVALID_TOPIC, "The bucket name '" + shown + "' " + fault + ".");
  }
}
