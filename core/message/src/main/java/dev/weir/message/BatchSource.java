package dev.weir.message;

import dev.weir.base.Checks;

/// Who numbered a batch. With the lane and the sequence of its frame it identifies the batch for
/// ever, so that a retry is stored once.
///
/// @param agent the sender's name, 1 to 255 UTF-8 bytes
/// @param incarnation drawn at random when the sender's spool was created; never 0
public record BatchSource(String agent, long incarnation) {
  /// A name that people read and logs repeat.
  public static final int MAX_AGENT_BYTES = 255;

  public BatchSource {
    Checks.range("agent bytes", Topic.utf8Length(agent), 1, MAX_AGENT_BYTES);
    Checks.argument(incarnation != 0, "incarnation is 0");
  }

  @Override
  public String toString() {
    return agent + "/" + Long.toHexString(incarnation);
  }
}
