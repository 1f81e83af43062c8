package dev.weir.flow;

/// What an owner performs when a cell says so.
public interface MachineAction extends Described {
  /// Whether nothing is done; such a cell is legal, printed as a dot, and counted like any other.
  default boolean isNoOp() {
    return false;
  }
}
