package dev.weir.edge.spool;

/// Why messages that were taken will not arrive. The number stands in the spool.
public enum LossReason {
  DROP_OLDEST(1, "drop-oldest"),
  DROP_NEWEST(2, "drop-newest"),
  /// Older than the spool keeps messages.
  TOO_OLD(3, "too-old"),
  /// Bytes of the spool that the disk did not keep.
  DAMAGE(4, "damage"),
  /// The core will never take them; they are kept aside.
  REFUSED(5, "refused");

  private final int number;
  private final String label;

  LossReason(int number, String label) {
    this.number = number;
    this.label = label;
  }

  int number() {
    return number;
  }

  /// As it stands in loss messages and metrics.
  public String label() {
    return label;
  }

  static LossReason of(int number) {
    for (LossReason reason : values()) {
      if (reason.number == number) {
        return reason;
      }
    }
    throw new IllegalArgumentException("loss reason " + number + ", expected 1 to 5");
  }
}
