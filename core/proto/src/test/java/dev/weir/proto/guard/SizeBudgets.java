package dev.weir.proto.guard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The recorded budgets: lines of `message bytes reason`, the last one of a message holds. Growth
/// is a further line with its reason; a line is never changed.
record SizeBudgets(Map<String, Integer> bytesByMessage) {
  static SizeBudgets parse(List<String> lines) {
    Map<String, Integer> budgets = new HashMap<>();
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+", 3);
      if (words.length < 3 || words[2].length() < 10) {
        throw new IllegalArgumentException("'" + line + "' is not 'message bytes reason'");
      }
      int bytes = Integer.parseInt(words[1]);
      Integer before = budgets.put(words[0], bytes);
      if (before != null && before >= bytes) {
        throw new IllegalArgumentException("'" + line + "' is no growth from " + before);
      }
    }
    return new SizeBudgets(budgets);
  }

  /// Messages that are larger than their budget, or have none.
  List<String> excesses(Map<String, Integer> sizes) {
    List<String> excesses = new ArrayList<>();
    sizes.forEach((message, bytes) -> {
      Integer budget = bytesByMessage.get(message);
      if (budget == null || bytes > budget) {
        excesses.add(message + " takes " + bytes + " bytes, its budget is " + budget);
      }
    });
    return excesses.stream().sorted().toList();
  }
}
