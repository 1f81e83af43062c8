package dev.weir.message;

import dev.weir.base.Checks;

/// Who numbered a batch. With the lane and the sequence of its frame it identifies the batch for
/// ever, so that a retry is stored once.
///
/// @param agent the sender's name, 1 to 255 UTF-8 bytes
/// @param incarnation drawn at random when the sender's spool was created; never 0
public record BatchSource(String agent, long incarnation) {
  public BatchSource {
    Checks.range("agent length", agent.length(), 1, 255);
    Checks.argument(incarnation != 0, "incarnation is 0");
  }

  @Override
  public String toString() {
    return agent + "/" + Long.toHexString(incarnation);
  }
}
