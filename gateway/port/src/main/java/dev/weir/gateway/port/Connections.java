package dev.weir.gateway.port;

import dev.weir.base.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The connections of a port from the moment in which their protocol is known until they end, and
/// what happened to the last of them. Bounded: as many as the port lets in, and 1,000 events. Any
/// thread.
public final class Connections {
  static final int MAX_EVENTS = 1_000;

  private final Clock clock;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, Open> open = new ConcurrentHashMap<>();
  private final Set<Long> cut = ConcurrentHashMap.newKeySet();
  private final Deque<Event> events = new ArrayDeque<>();

  public Connections(Clock clock) {
    this.clock = clock;
  }

  /// A connection.
  ///
  /// @param id from 1, in the order of opening
  /// @param address the client's, `HOST:PORT`; behind a trusted proxy what that said
  /// @param isSecure whether it is TLS
  /// @param certificate what the client's certificate calls it; empty without one
  /// @param sinceMicros microseconds since 1970
  public record Connection(
      long id,
      String address,
      Protocol protocol,
      boolean isSecure,
      String certificate,
      long sinceMicros) {}

  /// What happened to a connection.
  public enum Kind {
    OPENED,
    CLOSED,
    /// Closed here by [#cut].
    CUT
  }

  /// Something that happened.
  ///
  /// @param atMicros microseconds since 1970
  public record Event(long atMicros, Kind kind, Connection connection) {}

  private record Open(Connection connection, Channel channel) {}

  void opened(Channel channel, Peer peer, Protocol protocol) {
    Connection connection =
        new Connection(
            lastId.incrementAndGet(),
            peer.text(),
            protocol,
            peer.isSecure(),
            peer.name(),
            clock.epochMicros());
    open.put(connection.id(), new Open(connection, channel));
    note(Kind.OPENED, connection);
    ChannelFuture _ = channel.closeFuture().addListener(_ -> closed(connection));
  }

  private void closed(Connection connection) {
    open.remove(connection.id());
    note(cut.remove(connection.id()) ? Kind.CUT : Kind.CLOSED, connection);
  }

  private void note(Kind kind, Connection connection) {
    synchronized (events) {
      if (events.size() == MAX_EVENTS) {
        events.removeFirst();
      }
      events.addLast(new Event(clock.epochMicros(), kind, connection));
    }
  }

  /// The open ones, the oldest first.
  public List<Connection> list() {
    return open.values().stream()
        .map(Open::connection)
        .sorted(Comparator.comparingLong(Connection::id))
        .toList();
  }

  /// A connection that is open, or whose end is among the events.
  public Optional<Connection> find(long id) {
    Open known = open.get(id);
    return known != null
        ? Optional.of(known.connection())
        : events().stream().map(Event::connection).filter(each -> each.id() == id).findFirst();
  }

  /// The last events, the oldest first.
  public List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /// Closes a connection, whatever is under way on it. Its client may come again.
  ///
  /// @return false when there is none of this id
  public boolean cut(long id) {
    @Nullable Open found = open.get(id);
    if (found == null) {
      return false;
    }
    cut.add(id);
    ChannelFuture _ = found.channel.close();
    return true;
  }
}
