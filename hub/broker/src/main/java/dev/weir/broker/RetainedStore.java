package dev.weir.broker;

import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.util.List;

/// The retained messages as an engine keeps them: bodies on disk, an index of topics in memory.
/// They outlive the stream's retention. One thread writes; any thread reads.
public interface RetainedStore extends AutoCloseable {
  /// Everything of the partition before this offset was taken in: whoever feeds it goes on here.
  long scannedOffset(int partition);

  /// Takes in messages in their order; returns once they are durable. A message of a place that was
  /// taken in before changes nothing.
  ///
  /// @throws IOException when the disk refuses; nothing was taken in, and the same may come again
  void keep(List<RetainedMessage> messages) throws IOException, InterruptedException;

  /// Notes that nothing else before an offset is to be kept; durable soon.
  void scanned(int partition, long offset) throws IOException, InterruptedException;

  /// Does some of the work of giving disk space back, when there is any; blocks.
  ///
  /// @return whether there was
  boolean compact() throws IOException, InterruptedException;

  /// The messages that a filter matches, from the first topic behind another one on. Reads the
  /// disk.
  ///
  /// @param after the topic; empty for the beginning
  /// @param max at most so many; fewer come when together they are large
  RetainedPage page(List<TopicFilter> filters, String after, int max) throws IOException;

  /// Topics that have one.
  int topics();

  /// Whether a topic has one, an expired one included.
  boolean has(String topic);

  /// Of the index, in memory.
  long indexBytes();

  /// Idempotent, never throws.
  @Override
  void close();
}
