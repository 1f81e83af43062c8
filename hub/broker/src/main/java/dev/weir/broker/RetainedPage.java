package dev.weir.broker;

import java.util.List;

/// Retained messages in the order of their topics.
///
/// @param after where to go on: the last topic that was looked at; empty at the end
public record RetainedPage(List<RetainedMessage> messages, String after) {
  public RetainedPage {
    messages = List.copyOf(messages);
  }

  /// Whether nothing comes behind it.
  public boolean isLast() {
    return after.isEmpty();
  }
}
