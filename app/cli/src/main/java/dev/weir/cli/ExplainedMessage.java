package dev.weir.cli;

import dev.weir.client.MessageExplanation;
import dev.weir.client.QueueExplanation;
import dev.weir.client.SubscriptionExplanation;
import java.io.PrintStream;

/// Prints why a message was or was not delivered: sentences, or one JSON object a line, of which
/// each but the first says in `what` what it is.
final class ExplainedMessage {
  private final PrintStream out;
  private final boolean isJson;

  ExplainedMessage(PrintStream out, boolean isJson) {
    this.out = out;
    this.isJson = isJson;
  }

  void print(MessageExplanation message) {
    if (isJson) {
      json(message);
      return;
    }
    out.println(message.position() + ": " + fate(message));
    message.subscriptions().forEach(each -> out.println("  " + text(each)));
    if (!message.isComplete()) {
      out.println("  and further subscriptions");
    }
    for (QueueExplanation queue : message.queues()) {
      out.println("  " + text(queue));
      queue.incidents().forEach(each -> out.println("    " + text(each)));
    }
    if (message.fate().equals("stored")
        && message.subscriptions().isEmpty()
        && message.queues().isEmpty()) {
      out.println("  no open subscription and no queue has a filter that matches its topic");
    }
  }

  private static String fate(MessageExplanation message) {
    return switch (message.fate()) {
      case "stored" -> stored(message);
      case "not-yet" -> "nothing was stored there so far";
      case "removed" -> "retention has removed it";
      case "damaged" -> "it cannot be read any more: `weir log verify` says more";
      default -> message.fate();
    };
  }

  private static String stored(MessageExplanation message) {
    StringBuilder text = new StringBuilder();
    text.append("%s, %,d bytes".formatted(message.topic(), message.bodyBytes()));
    if (!message.key().isEmpty()) {
      text.append(", key ").append(message.key().utf8());
    }
    if (!message.id().isEmpty()) {
      text.append(", id ").append(message.id().utf8());
    }
    text.append(", stored ").append(Times.iso(message.storedMicros()));
    if (message.expiryMicros() > 0) {
      text.append(", worth delivering until ").append(Times.iso(message.expiryMicros()));
    }
    if (message.delayMillis() > 0) {
      text.append(", queues hold it back for %,d ms".formatted(message.delayMillis()));
    }
    return text.append(
            switch (message.retained()) {
              case "" -> "";
              case "kept" -> ", retained";
              case "replaced" -> ", retained no more: a later message took its place";
              case "clearing" -> ", it cleared what was retained";
              default -> ", retained: " + message.retained();
            })
        .toString();
  }

  private static String text(SubscriptionExplanation subscription) {
    return "subscription %d%s to %s: %s"
        .formatted(
            subscription.id(),
            subscription.origin().isEmpty() ? "" : " of " + subscription.origin(),
            subscription.filters(),
            relation(subscription));
  }

  private static String relation(SubscriptionExplanation subscription) {
    return switch (subscription.relation()) {
      case "passed" -> "has passed it: delivered, or left out as expired";
      case "began-later" -> "began behind it";
      case "gap" -> "was told that it is missing: " + subscription.gap();
      case "opening" -> "looks for where it begins";
      case "behind" ->
          "has not come to it: %s, %,d messages behind"
              .formatted(state(subscription), subscription.behind());
      default -> subscription.relation();
    };
  }

  /// What a subscription does, or waits for.
  static String state(SubscriptionExplanation subscription) {
    return switch (subscription.state()) {
      case "waiting-for-credit" -> "waits for credit, its client has allowed no more";
      case "waiting-for-transport" -> "waits for its client, which does not read";
      case "reading" -> "reads the log";
      case "live" -> "waits for the next message";
      default -> subscription.state();
    };
  }

  private static String text(QueueExplanation queue) {
    String tried =
        queue.deliveries() == 0 ? "" : ", delivered in vain %d times".formatted(queue.deliveries());
    String dead =
        queue.deadReason().isEmpty()
            ? ""
            : ", a dead letter: %s in queue %s after %d deliveries"
                .formatted(
                    queue.deadReason(),
                    queue.deadQueue().isEmpty() ? "that is gone" : queue.deadQueue(),
                    queue.deadDeliveries());
    return "queue " + queue.queue() + ": " + standing(queue) + tried + dead;
  }

  private static String standing(QueueExplanation queue) {
    String until = queue.untilMicros() == 0 ? "" : " until " + Times.iso(queue.untilMicros());
    return switch (queue.standing()) {
      case "not-seen" -> "has not come to it yet";
      case "waiting" -> "waits for its turn, or for a consumer with room";
      case "delayed" -> "waits" + until;
      case "behind-its-key" -> "waits for the message in front of it of its key";
      case "held" ->
          "held by " + (queue.holder().isEmpty() ? "a consumer" : queue.holder()) + until;
      case "gone" ->
          queue.incidents().isEmpty()
              ? "has it no more, or never had it: settled longer ago than the core remembers, or"
                  + " published before the queue began"
              : "has it no more";
      default -> queue.standing();
    };
  }

  private static String text(QueueExplanation.Incident incident) {
    return Times.iso(incident.atMicros())
        + "  "
        + incident.kind()
        + (incident.who().isEmpty() ? "" : " to " + incident.who());
  }

  private void json(MessageExplanation message) {
    String position = message.position().toString();
    JsonLine line =
        new JsonLine().put("what", "message").put("position", position).put("fate", message.fate());
    if (message.fate().equals("stored")) {
      line.put("topic", message.topic())
          .putBytes("key", "keyEncoding", message.key())
          .putBytes("id", "idEncoding", message.id())
          .put("bodyBytes", message.bodyBytes())
          .put("stored", Times.iso(message.storedMicros()))
          .put("expiry", message.expiryMicros() == 0 ? "" : Times.iso(message.expiryMicros()))
          .put("delayMillis", message.delayMillis())
          .put("retained", message.retained())
          .put("complete", message.isComplete());
    }
    out.println(line.line());
    message.subscriptions().forEach(each -> out.println(json(position, each)));
    for (QueueExplanation queue : message.queues()) {
      out.println(json(position, queue));
      queue.incidents().forEach(each -> out.println(json(position, queue.queue(), each)));
    }
  }

  static String json(String position, SubscriptionExplanation subscription) {
    JsonLine line = new JsonLine().put("what", "subscription");
    if (!position.isEmpty()) {
      line.put("position", position)
          .put("relation", subscription.relation())
          .put("gap", subscription.gap());
    }
    return line.put("id", subscription.id())
        .put("origin", subscription.origin())
        .put("filters", subscription.filters())
        .put("state", subscription.state())
        .put("delivered", subscription.delivered())
        .put("creditLeft", subscription.creditLeft())
        .put("behind", subscription.behind())
        .put("gaps", subscription.gaps())
        .put("expired", subscription.expired())
        .line();
  }

  private static String json(String position, QueueExplanation queue) {
    return new JsonLine()
        .put("what", "queue")
        .put("position", position)
        .put("queue", queue.queue())
        .put("standing", queue.standing())
        .put("deliveries", queue.deliveries())
        .put("until", queue.untilMicros() == 0 ? "" : Times.iso(queue.untilMicros()))
        .put("holder", queue.holder())
        .put("deadReason", queue.deadReason())
        .put("deadQueue", queue.deadQueue())
        .put("deadDeliveries", queue.deadDeliveries())
        .line();
  }

  private static String json(String position, String queue, QueueExplanation.Incident incident) {
    return new JsonLine()
        .put("what", "incident")
        .put("position", position)
        .put("queue", queue)
        .put("at", Times.iso(incident.atMicros()))
        .put("kind", incident.kind())
        .put("deliveries", incident.deliveries())
        .put("who", incident.who())
        .line();
  }
}
