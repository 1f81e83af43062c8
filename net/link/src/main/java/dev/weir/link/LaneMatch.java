package dev.weir.link;

/// What a lane's source says to a frame that a core holds under one of its sequences.
public enum LaneMatch {
  /// Its own, or nothing tells the difference any more: the frame was given up, damaged, or is
  /// gone.
  OWN,
  /// Another one than it has: somebody else numbers frames under the same identity.
  FOREIGN,
  /// It cannot be read now.
  UNREADABLE
}
