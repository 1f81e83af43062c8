package dev.weir.edge.encoding;

import java.util.List;

/// How an edge compresses, at one moment; counters count since its start.
///
/// @param zstdLevel of the next batch, 0 for none
/// @param rawBytes of batches before compression
/// @param encodedBytes of them behind it
/// @param trained dictionaries made here
/// @param adopted dictionaries that gained enough to be used, of here or of the fleet
/// @param declined dictionaries that gained too little, or that the core did not take
/// @param classes in order of their appearance
public record EncodingStats(
    int zstdLevel,
    long rawBytes,
    long encodedBytes,
    long trained,
    long adopted,
    long declined,
    List<ClassStats> classes) {
  /// Of an edge that has encoded nothing.
  public static final EncodingStats NONE = new EncodingStats(0, 0, 0, 0, 0, 0, List.of());

  /// As many classes as are ever told apart.
  public static final int MAX_CLASSES = TrainingLimits.DEFAULT.maxClasses();

  private static final ClassStats NO_CLASS = new ClassStats("", "gathering", 0, 0, 0);

  public EncodingStats {
    classes = List.copyOf(classes);
  }

  /// How many raw bytes an encoded one stands for; 1 before the first.
  public double ratio() {
    return ratio(rawBytes, encodedBytes);
  }

  private static double ratio(long raw, long encoded) {
    return encoded == 0 ? 1 : (double) raw / encoded;
  }

  /// The class at a place in order of appearance; one without a name where there is none yet.
  public ClassStats classAt(int index) {
    return index < classes.size() ? classes.get(index) : NO_CLASS;
  }

  /// One class of data.
  ///
  /// @param name the first two levels of its topics
  /// @param phase `gathering`, `offered`, `in use` or `resting`
  /// @param dictionaryId in use, 0 for none
  public record ClassStats(
      String name, String phase, int dictionaryId, long rawBytes, long encodedBytes) {
    /// How many raw bytes an encoded one stands for; 1 before the first.
    public double ratio() {
      return EncodingStats.ratio(rawBytes, encodedBytes);
    }
  }
}
