package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.net.URI;
import java.time.Duration;

/// A program that publishes with the Java client and never dies itself: the client reconnects and
/// sends again what it has no receipt for, so everything must be acked in the end, once each.
final class ClientLoad extends Load {
  private static final int MESSAGES_PER_STEP = 5;

  /// Reconnecting waits up to half a minute, and a window of messages drains after it.
  private static final Duration RECEIPTS = Duration.ofSeconds(90);

  private final Ledger ledger;
  private final String source;
  private final WeirClient client;

  ClientLoad(Ledger ledger, String source, String url) {
    super("client-" + source);
    this.ledger = ledger;
    this.source = source;
    client = WeirClient.connect(URI.create(url));
  }

  @Override
  void step() {
    for (int i = 0; i < MESSAGES_PER_STEP; i++) {
      int number = ledger.issue(source);
      Message message = Message.of("load/client", Ledger.body(source, number, 80 + number % 70));
      var _ = client.publishAsync(message).thenRun(() -> ledger.ack(source, number));
    }
  }

  @Override
  Duration pause() {
    return Duration.ofMillis(10);
  }

  @Override
  void end() {
    try (client) {
      eventually(source + " has every receipt", RECEIPTS, () -> ledger.unackedCount(source) == 0);
    }
  }
}
