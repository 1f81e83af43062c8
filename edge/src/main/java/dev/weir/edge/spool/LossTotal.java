package dev.weir.edge.spool;

/// What was lost for one reason since the spool was created.
public record LossTotal(long messages, long bytes) {
  static final LossTotal NONE = new LossTotal(0, 0);

  LossTotal plus(long moreMessages, long moreBytes) {
    return new LossTotal(messages + moreMessages, bytes + moreBytes);
  }
}
