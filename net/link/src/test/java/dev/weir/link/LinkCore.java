package dev.weir.link;

import java.net.URI;

/// A link server at the far end of a path.
public interface LinkCore extends AutoCloseable {
  LinkServer link();

  /// Where its clients connect to, which may be a router before it.
  int port();

  URI uri();

  /// Cuts every connection, as a killed process does.
  @Override
  void close();
}
