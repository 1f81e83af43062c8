package dev.weir.client;

import dev.weir.message.Message;

/// Answers requests. Called on virtual threads, by several at a time; it may block.
@FunctionalInterface
public interface RequestHandler {
  /// Answers one.
  ///
  /// @return the reply; its topic means nothing
  /// @throws Exception when it cannot be dealt with: who asked is told the exception's message
  Message handle(Message request) throws Exception;
}
