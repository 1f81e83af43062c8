package dev.weir.edge.source.statsd;

import java.util.Map;
import java.util.TreeMap;

/// Quantiles of a stream of values within one percent of the value, in bounded memory. Owned by the
/// aggregator.
///
/// Source: DDSketch (Masson, Rim, Lee, VLDB 2019). A value v > 0 is counted in bucket ⌈log v / log
/// γ⌉, γ = (1 + α) / (1 - α); every value of a bucket is within α of its middle. When there are
/// more buckets than allowed the lowest two become one, which spoils the lowest quantiles only.
/// Negative values are mirrored, and zero has a count of its own.
final class ValueSketch {
  private static final double ACCURACY = 0.01;
  private static final double GAMMA = (1 + ACCURACY) / (1 - ACCURACY);
  private static final double LOG_GAMMA = Math.log(GAMMA);

  /// What is nearer to zero counts as zero.
  private static final double MIN_VALUE = 1e-12;

  private final TreeMap<Integer, Double> positives = new TreeMap<>();
  private final TreeMap<Integer, Double> negatives = new TreeMap<>();
  private double zeros;
  private double count;
  private double sum;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  /// @param maxBucketCount on either side of zero, at least 2
  /// @return by how many buckets it grew
  int add(double value, double weight, int maxBucketCount) {
    count += weight;
    sum += value * weight;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (Math.abs(value) < MIN_VALUE) {
      zeros += weight;
      return 0;
    }
    TreeMap<Integer, Double> side = value > 0 ? positives : negatives;
    int sizeBefore = side.size();
    side.merge((int) Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA), weight, Double::sum);
    if (side.size() > maxBucketCount && side.size() > sizeBefore) {
      Map.Entry<Integer, Double> lowest = side.pollFirstEntry();
      side.merge(side.firstKey(), lowest.getValue(), Double::sum);
    }
    return side.size() - sizeBefore;
  }

  /// The value below which the given share of all values lies.
  ///
  /// @param share 0 to 1
  double quantile(double share) {
    double rank = share * (count - 1);
    double seen = 0;
    for (Map.Entry<Integer, Double> bucket : negatives.descendingMap().entrySet()) {
      seen += bucket.getValue();
      if (seen > rank) {
        return clamp(-middle(bucket.getKey()));
      }
    }
    seen += zeros;
    if (seen > rank) {
      return clamp(0);
    }
    for (Map.Entry<Integer, Double> bucket : positives.entrySet()) {
      seen += bucket.getValue();
      if (seen > rank) {
        return clamp(middle(bucket.getKey()));
      }
    }
    return max;
  }

  private static double middle(int bucket) {
    return 2 * Math.pow(GAMMA, bucket) / (GAMMA + 1);
  }

  private double clamp(double value) {
    return Math.max(min, Math.min(max, value));
  }

  double count() {
    return count;
  }

  double sum() {
    return sum;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }
}
