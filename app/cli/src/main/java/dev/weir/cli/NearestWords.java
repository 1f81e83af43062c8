package dev.weir.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Words that a misspelled one may have meant. Pure.
final class NearestWords {
  private static final int MAX_SHOWN = 3;

  private NearestWords() {}

  /// At most three, the nearest first: within as many mistakes as half of the word has letters.
  static List<String> of(String word, Collection<String> known) {
    return known.stream()
        .filter(each -> mistakes(word, each) <= Math.max(1, word.length() / 2))
        .sorted(Comparator.comparingInt(each -> mistakes(word, each)))
        .limit(MAX_SHOWN)
        .toList();
  }

  /// Letters that are left out, added, changed, or exchanged with their neighbour (optimal string
  /// alignment).
  private static int mistakes(String word, String other) {
    int[][] cost = new int[word.length() + 1][other.length() + 1];
    for (int i = 0; i <= word.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int change = word.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        least = Math.min(least, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && word.charAt(i - 1) == other.charAt(j - 2)
            && word.charAt(i - 2) == other.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[word.length()][other.length()];
  }
}
