package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `-H name:value` as curl does: blanks around the value do not count.
final class HeaderOptions {
  private HeaderOptions() {}

  static Map<String, String> parse(List<String> options) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String option : options) {
      int colon = option.indexOf(':');
      if (colon < 1) {
        throw new WeirException(
            ErrorCode.USAGE, "'" + option + "' is not a header, expected NAME:VALUE.");
      }
      headers.put(option.substring(0, colon).strip(), option.substring(colon + 1).strip());
    }
    return headers;
  }
}
