package dev.weir.cli;

import static java.util.stream.Collectors.joining;

import dev.weir.client.ClientExplanation;
import dev.weir.client.ClientExplanation.ConsumerView;
import dev.weir.client.ClientExplanation.MembershipView;
import dev.weir.client.ClientExplanation.PublisherView;
import dev.weir.client.ClientExplanation.Refused;
import dev.weir.client.ClientExplanation.ResponderView;
import dev.weir.client.ClientExplanation.SessionView;
import dev.weir.client.SubscriptionExplanation;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

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
    client.responders().forEach(each -> out.println("  " + text(each)));
    client.memberships().forEach(each -> out.println("  " + text(each)));
    client.watches().forEach(topic -> out.println("  follows who is present at " + topic));
    client.publishers().forEach(each -> out.println("  " + text(each)));
    if (client.isOpen() && isIdle(client)) {
      out.println(
          "  nothing is open on it: no subscription, consumer, responder, membership, publisher");
    }
    client.refusals().forEach(each -> out.println("  " + text(each)));
    client.events().forEach(event -> out.println("  " + ClientLines.row(event)));
  }

  private static boolean isIdle(ClientExplanation client) {
    return Stream.of(
            client.subscriptions(),
            client.consumers(),
            client.responders(),
            client.memberships(),
            client.watches(),
            client.publishers())
        .allMatch(List::isEmpty);
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

  static String text(ResponderView responder) {
    String state = "";
    if (responder.capacity() == 0) {
      state = ": it gets nothing, its client does not read or asks for none";
    } else if (responder.inHand() >= responder.capacity()) {
      state = ": it gets no more before it answers some";
    }
    return "answers requests to %s: %,d of %,d in hand%s"
        .formatted(responder.filter(), responder.inHand(), responder.capacity(), state);
  }

  private static String text(MembershipView membership) {
    return "present at %s as %s%s since %s, held by %,d connections, leaves %,d ms after the last"
        .formatted(
            membership.topic(),
            membership.member(),
            membership.user().isEmpty() ? "" : " of user " + membership.user(),
            Times.iso(membership.sinceMicros()),
            membership.holders(),
            membership.graceMillis());
  }

  private static String text(PublisherView publisher) {
    String topic = publisher.topic().isEmpty() ? "" : " to " + publisher.topic();
    return "publishes%s: %,d messages, %,d bytes without a receipt: %s"
        .formatted(topic, publisher.unanswered(), publisher.bytes(), state(publisher));
  }

  private static String state(PublisherView publisher) {
    return switch (publisher.state()) {
      case "idle" -> "it has its receipts";
      case "committing" -> "the log commits them";
      case "full" -> "it is not read before they are committed";
      case "held-back" -> "held back by subscription " + blockers(publisher, ", ");
      case "client-does-not-read" -> "its client does not read its receipts";
      default -> publisher.state();
    };
  }

  private static String blockers(PublisherView publisher, String separator) {
    return publisher.blockers().stream().map(String::valueOf).collect(joining(separator));
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
    client.responders().forEach(each -> out.println(json(each)));
    client.memberships().forEach(each -> out.println(json(each)));
    for (String topic : client.watches()) {
      out.println(new JsonLine().put("what", "watch").put("topic", topic).line());
    }
    client.publishers().forEach(each -> out.println(json(each)));
    client.refusals().forEach(each -> out.println(json(each)));
    client.events().forEach(event -> out.println(ClientLines.json(event)));
  }

  static String json(ResponderView responder) {
    return new JsonLine()
        .put("what", "responder")
        .put("filter", responder.filter())
        .put("capacity", responder.capacity())
        .put("inHand", responder.inHand())
        .line();
  }

  private static String json(MembershipView membership) {
    return new JsonLine()
        .put("what", "membership")
        .put("topic", membership.topic())
        .put("member", membership.member())
        .put("user", membership.user())
        .put("since", Times.iso(membership.sinceMicros()))
        .put("graceMillis", membership.graceMillis())
        .put("holders", membership.holders())
        .line();
  }

  private static String json(PublisherView publisher) {
    return new JsonLine()
        .put("what", "publisher")
        .put("door", publisher.door())
        .put("topic", publisher.topic())
        .put("unanswered", publisher.unanswered())
        .put("bytes", publisher.bytes())
        .put("state", publisher.state())
        .put("blockers", blockers(publisher, " "))
        .line();
  }

  private static String json(Refused refused) {
    return new JsonLine()
        .put("what", "refusal")
        .put("at", Times.iso(refused.atMicros()))
        .put("user", refused.user())
        .put("action", refused.action())
        .put("target", refused.target())
        .put("reason", refused.reason())
        .line();
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
