package dev.weir.bench.scale;

/// One figure of a case, and what is asked of it.
///
/// @param what it says, such as `match, median`
/// @param limit that it should not exceed; 0 where nothing is asked of it
record ScaleFigure(ScaleCase of, String what, double value, String unit, double limit) {
  static ScaleFigure of(ScaleCase of, String what, double value, String unit) {
    return new ScaleFigure(of, what, value, unit, 0);
  }

  boolean isMet() {
    return limit == 0 || value <= limit;
  }
}
