package dev.weir.broker.explain;

/// A stream that somebody publishes on. Any thread asks.
public interface OpenPublisher {
  /// Where its client is, `HOST:PORT`; empty when that is not known.
  String origin();

  /// How it stands.
  ///
  /// @return without its blockers
  PublisherTrace trace();
}
