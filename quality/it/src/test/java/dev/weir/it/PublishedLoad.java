package dev.weir.it;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Clients of the published schema, one after another: up to a window of numbered messages in
/// flight, each ack recorded. When the core ends the stream, the next client goes on with new
/// numbers, so that no retry of its own can double a message.
final class PublishedLoad extends Load {
  private static final int WINDOW_MESSAGES = 50;

  private final Ledger ledger;
  private final String source;
  private final int bodyChars;
  private final Supplier<@Nullable InetSocketAddress> core;
  private @Nullable PublishedClient client;
  private int sentByClient;
  private int recordedOfClient;
  private boolean isIdle;

  /// Messages of about `bodyChars` characters, alternately plain and zstd.
  PublishedLoad(
      Ledger ledger, String source, int bodyChars, Supplier<@Nullable InetSocketAddress> core) {
    super("published-" + source);
    this.ledger = ledger;
    this.source = source;
    this.bodyChars = bodyChars;
    this.core = core;
  }

  @Override
  void step() {
    @Nullable PublishedClient open = client;
    if (open == null || open.isEnded()) {
      open = reopen(open);
    }
    isIdle = open == null;
    if (open == null) {
      return;
    }
    record(open);
    isIdle = sentByClient - recordedOfClient >= WINDOW_MESSAGES;
    if (!isIdle) {
      int number = ledger.issue(source);
      String id = Integer.toString(number);
      String body = Ledger.body(source, number, bodyChars + number % 50);
      sentByClient++;
      if (number % 2 == 0) {
        open.sendPlain(id, body);
      } else {
        open.sendZstd(id, body);
      }
    }
  }

  private @Nullable PublishedClient reopen(@Nullable PublishedClient ended) {
    if (ended != null) {
      record(ended);
      ended.close();
    }
    @Nullable InetSocketAddress address = core.get();
    client = address == null ? null : new PublishedClient(address);
    sentByClient = 0;
    recordedOfClient = 0;
    return client;
  }

  private void record(PublishedClient open) {
    int count = open.ackedCount();
    for (; recordedOfClient < count; recordedOfClient++) {
      ledger.ack(source, Integer.parseInt(open.acked(recordedOfClient)));
    }
  }

  @Override
  Duration pause() {
    return isIdle ? Duration.ofMillis(10) : Duration.ofNanos(50_000);
  }

  @Override
  void end() {
    @Nullable PublishedClient open = client;
    if (open != null) {
      record(open);
      open.close();
    }
  }
}
