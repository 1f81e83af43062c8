package dev.weir.bench.ops;

/// Before and after a measurement nobody wants to know.
enum NoOutcome implements Outcome {
  NOBODY;

  @Override
  public void done(long tag) {}

  @Override
  public void failed(long tag, String why) {}
}
