package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;

/// What the log asks of its owner and tells it. All methods run on the log's thread: they must be
/// quick and must not block.
public interface LogHooks {
  /// Hooks of an owner without state.
  LogHooks NONE = () -> Bytes.EMPTY;

  /// The owner's state, written as the first frame of each segment. It must reflect every entry
  /// whose listener was told that it is durable, and none other.
  Bytes snapshot();

  /// The disk failed and a fresh segment could not be written either: every waiting append has been
  /// failed and new ones are refused until [#recovered]. A server ends itself here (exit 74).
  default void poisoned(WeirException cause) {}

  /// The disk is full: appends that wait keep their place, new ones are refused until [#recovered].
  default void full(WeirException cause) {}

  /// Appends are taken again after [#poisoned] or [#full].
  default void recovered() {}

  /// An offer was refused before and would be taken now.
  default void room() {}

  /// Retention removed every message below this offset.
  default void trimmed(long firstOffset) {}
}
