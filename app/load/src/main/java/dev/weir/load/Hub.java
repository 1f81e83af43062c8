package dev.weir.load;

import java.io.IOException;

/// A message hub as a load sees it: Weir, or a rival, through a client that its users use.
public interface Hub extends AutoCloseable {
  /// Opens a topic that nobody has used, with readers that each get every message of it. Returns
  /// when nothing that is sent from now on can pass any of them.
  ///
  /// @param readers 1 or more
  Route fanOut(String name, int readers, Reader reader) throws Exception;

  /// Opens a queue that nobody has used, with consumers that share its messages and ack each.
  ///
  /// @param readers 1 or more
  Route queue(String name, int readers, Reader reader) throws Exception;

  @Override
  void close();

  /// Whoever gets messages. The calls of one reader come one at a time.
  @FunctionalInterface
  interface Reader {
    /// @param reader its number from 0 on
    /// @param bytes of which the body is a part, valid during the call
    void received(int reader, byte[] bytes, int offset, int length);
  }

  /// Told of each message that was sent, on any thread.
  interface Outcome {
    /// The hub has taken messages over.
    void accepted(int count);

    void failed(String why);
  }

  /// An open topic or queue. One thread sends and closes.
  interface Route extends AutoCloseable {
    /// Sends without waiting for the hub; may wait for room in the client.
    ///
    /// @param body belongs to the route from here on
    void send(byte[] body, Outcome outcome) throws Exception;

    /// Nothing comes for now: what the client still holds back goes out.
    default void flush() throws Exception {}

    /// Ends the readers and removes what was opened, where the hub keeps it.
    @Override
    void close() throws IOException;
  }
}
