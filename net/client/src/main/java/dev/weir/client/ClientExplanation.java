package dev.weir.client;

import dev.weir.client.ClientOperations.Connected;
import dev.weir.client.ClientOperations.Happened;
import java.util.List;

/// What a connection may do, has open, waits for and was refused.
///
/// @param isOpen whether it is open; else only what is remembered of it is here
/// @param sessions who it has proved to be; empty where the core knows no users
/// @param responders who answer requests on it
/// @param memberships that it holds
/// @param watches topics of presence that it follows
/// @param publishers streams that it publishes on
/// @param refusals the oldest first, as far as the core remembers them
/// @param events what happened to the connection
public record ClientExplanation(
    Connected client,
    boolean isOpen,
    List<SessionView> sessions,
    List<SubscriptionExplanation> subscriptions,
    List<ConsumerView> consumers,
    List<ResponderView> responders,
    List<MembershipView> memberships,
    List<String> watches,
    List<PublisherView> publishers,
    List<Refused> refusals,
    List<Happened> events) {
  public ClientExplanation {
    sessions = List.copyOf(sessions);
    subscriptions = List.copyOf(subscriptions);
    consumers = List.copyOf(consumers);
    responders = List.copyOf(responders);
    memberships = List.copyOf(memberships);
    watches = List.copyOf(watches);
    publishers = List.copyOf(publishers);
    refusals = List.copyOf(refusals);
    events = List.copyOf(events);
  }

  /// Who a client has proved to be, and what its user has of its quota. A limit of 0 is none.
  ///
  /// @param proof `password`, `key`, `jwt` or `certificate`
  /// @param expiryMicros when the proof ends, microseconds since 1970; 0 for never
  /// @param subscriptions of the user, consumers included
  /// @param publishMessages that the user may publish a second
  /// @param publishBytes that the user may publish a second
  /// @param isPaced whether a publish would wait now
  public record SessionView(
      String user,
      String door,
      String proof,
      List<String> roles,
      long expiryMicros,
      long connections,
      long maxConnections,
      long subscriptions,
      long maxSubscriptions,
      long publishMessages,
      long publishBytes,
      boolean isPaced) {
    public SessionView {
      roles = List.copyOf(roles);
    }
  }

  /// A consumer of a queue.
  ///
  /// @param prefetch messages that it may hold; 0 while its client does not read
  /// @param held messages that it holds
  public record ConsumerView(String queue, int prefetch, int held) {}

  /// Somebody who answers requests.
  ///
  /// @param capacity requests that it may have in hand; 0 while its client does not read
  /// @param inHand requests that it has
  public record ResponderView(String filter, int capacity, int inHand) {}

  /// A member at a topic of presence.
  ///
  /// @param user whose it is; empty for nobody's
  /// @param sinceMicros when it entered, microseconds since 1970
  /// @param graceMillis how long it stays once nobody holds it
  /// @param holders connections that hold it, this one included
  public record MembershipView(
      String topic, String member, String user, long sinceMicros, long graceMillis, int holders) {}

  /// A stream of publishes.
  ///
  /// @param door `grpc`, `websocket` or `link`
  /// @param topic of what it published last; empty where that is not known
  /// @param unanswered messages without a receipt
  /// @param bytes of their bodies
  /// @param state `idle`, `committing`, `full`, `held-back` or `client-does-not-read`; a later core
  ///   may have more
  /// @param blockers the ids of the subscriptions that hold it back
  public record PublisherView(
      String door, String topic, int unanswered, long bytes, String state, List<Long> blockers) {
    public PublisherView {
      blockers = List.copyOf(blockers);
    }
  }

  /// Something that was refused.
  ///
  /// @param atMicros microseconds since 1970
  /// @param user empty where it is not known
  /// @param action `login`, or what was not permitted
  /// @param target a topic, a filter; empty for a login
  public record Refused(long atMicros, String user, String action, String target, String reason) {}
}
