package dev.weir.config.schema;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Finds the known word that a mistyped one was meant to be.
///
/// The distance counts inserted, deleted, replaced and swapped neighbouring characters (optimal
/// string alignment, a restricted Damerau-Levenshtein distance); case, `_` and `-` do not count, so
/// that `data_dir` is `dataDir`.
final class Suggestion {
  /// Longer words are no slips of the keyboard, and the comparison costs their product.
  private static final int MAX_LENGTH = 64;

  private Suggestion() {}

  /// The nearest known word, if it is near: at most a third of its letters differ.
  static Optional<String> nearest(String word, List<String> known) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = plain(word);
    return known.stream()
        .filter(k -> distance(plain, plain(k)) <= Math.max(1, k.length() / 3))
        .min(Comparator.comparingInt(k -> distance(plain, plain(k))));
  }

  /// The word without case and separators.
  static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  static int distance(String a, String b) {
    int[] twoBack = new int[b.length() + 1];
    int[] oneBack = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      oneBack[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = oneBack[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(oneBack[j], row[j - 1]) + 1);
        boolean isSwapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (isSwapped) {
          row[j] = Math.min(row[j], twoBack[j - 2] + 1);
        }
      }
      twoBack = oneBack;
      oneBack = row;
    }
    return oneBack[b.length()];
  }
}
