package dev.weir.cli;

import dev.weir.client.ClientExplanation;
import dev.weir.client.ClientExplanation.ConsumerView;
import dev.weir.client.ClientExplanation.Refused;
import dev.weir.client.ClientExplanation.SessionView;
import dev.weir.client.SubscriptionExplanation;
import java.io.PrintStream;

/// Prints what a client may do, has open, waits for and was refused: sentences, or one JSON object
/// a line, which says in `what` what it is.
final class ExplainedClient {
  private final PrintStream out;
  private final boolean isJson;

  ExplainedClient(PrintStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  void print(ClientExplanation client) {
    if (isJson) {
      json(client);
      return;
    }
    out.println(ClientLines.HEADINGS);
    out.println(ClientLines.row(client.client()));
    out.println(client.isOpen() ? "open" : "closed: what follows is what is remembered");
    client.sessions().forEach(each -> out.println("  " + text(each)));
    client.subscriptions().forEach(each -> out.println("  " + text(each)));
    client.consumers().forEach(each -> out.println("  " + text(each)));
    if (client.isOpen() && client.subscriptions().isEmpty() && client.consumers().isEmpty()) {
      out.println("  no subscription and no consumer is open on it");
    }
    client.refusals().forEach(each -> out.println("  " + text(each)));
    client.events().forEach(event -> out.println("  " + ClientLines.row(event)));
  }

  private static String text(SessionView session) {
    StringBuilder text = new StringBuilder("user " + session.user() + " by " + session.proof());
    if (!session.roles().isEmpty()) {
      text.append(", roles ").append(String.join(" ", session.roles()));
    }
    if (session.expiryMicros() > 0) {
      text.append(", until ").append(Times.iso(session.expiryMicros()));
    }
    text.append(", ").append(used(session.connections(), session.maxConnections(), "connections"));
    text.append(", ")
        .append(used(session.subscriptions(), session.maxSubscriptions(), "subscriptions"));
    return text.append(session.isPaced() ? ", publishes wait: its rate is used up" : "").toString();
  }

  private static String used(long count, long limit, String what) {
    return limit == 0
        ? "%,d %s".formatted(count, what)
        : "%,d of %,d %s".formatted(count, limit, what);
  }

  private static String text(SubscriptionExplanation subscription) {
    return "subscription %d to %s: %s, %,d delivered, %,d behind, credit %,d, %,d gaps, %,d expired"
        .formatted(
            subscription.id(),
            subscription.filters(),
            ExplainedMessage.state(subscription),
            subscription.delivered(),
            subscription.behind(),
            subscription.creditLeft(),
            subscription.gaps(),
            subscription.expired());
  }

  private static String text(ConsumerView consumer) {
    String state = "";
    if (consumer.prefetch() == 0) {
      state = ": it gets nothing, its client does not read or asks for none";
    } else if (consumer.held() >= consumer.prefetch()) {
      state = ": it gets no more before it settles some";
    }
    return "consumer of queue %s: holds %,d of %,d%s"
        .formatted(consumer.queue(), consumer.held(), consumer.prefetch(), state);
  }

  private static String text(Refused refused) {
    return "%s  refused%s to %s%s: %s"
        .formatted(
            Times.iso(refused.atMicros()),
            refused.user().isEmpty() ? "" : " user " + refused.user(),
            refused.action(),
            refused.target().isEmpty() ? "" : " " + refused.target(),
            refused.reason());
  }

  private void json(ClientExplanation client) {
    out.println(ClientLines.json(client.client()));
    client.sessions().forEach(each -> out.println(json(each)));
    client.subscriptions().forEach(each -> out.println(ExplainedMessage.json("", each)));
    for (ConsumerView consumer : client.consumers()) {
      out.println(
          new JsonLine()
              .put("what", "consumer")
              .put("queue", consumer.queue())
              .put("prefetch", consumer.prefetch())
              .put("held", consumer.held())
              .line());
    }
    for (Refused refused : client.refusals()) {
      out.println(
          new JsonLine()
              .put("what", "refusal")
              .put("at", Times.iso(refused.atMicros()))
              .put("user", refused.user())
              .put("action", refused.action())
              .put("target", refused.target())
              .put("reason", refused.reason())
              .line());
    }
    client.events().forEach(event -> out.println(ClientLines.json(event)));
  }

  private static String json(SessionView session) {
    return new JsonLine()
        .put("what", "session")
        .put("user", session.user())
        .put("door", session.door())
        .put("proof", session.proof())
        .put("roles", String.join(" ", session.roles()))
        .put("expiry", session.expiryMicros() == 0 ? "" : Times.iso(session.expiryMicros()))
        .put("connections", session.connections())
        .put("maxConnections", session.maxConnections())
        .put("subscriptions", session.subscriptions())
        .put("maxSubscriptions", session.maxSubscriptions())
        .put("publishMessages", session.publishMessages())
        .put("publishBytes", session.publishBytes())
        .put("paced", session.isPaced())
        .line();
  }
}
