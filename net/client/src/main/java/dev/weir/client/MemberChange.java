package dev.weir.client;

/// What changed at a topic.
///
/// @param sequence counts up, with gaps
public record MemberChange(long sequence, Kind kind, Member member) {
  public enum Kind {
    ENTERED,
    UPDATED,
    LEFT
  }
}
