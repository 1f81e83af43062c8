package dev.weir.bench;

import java.util.List;

/// Several measurements of the same thing.
///
/// @param median the middle one; of an even number the mean of the two in the middle
/// @param low the smallest
/// @param high the largest
public record Spread(double median, double low, double high) {
  /// @param values one or more
  public static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }
}
