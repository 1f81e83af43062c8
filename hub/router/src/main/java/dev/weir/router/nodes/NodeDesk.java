package dev.weir.router.nodes;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.remote.RemoteService;
import dev.weir.router.ClientNames;
import dev.weir.router.Router;
import dev.weir.router.SlotMap;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireService;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A storage node's side: hears which maps routers go by, says how the node fares, and knows which
/// keys are the node's by the newest of the maps. Before the first announcement every key is.
///
/// Any thread; announcements come on event loops, one lock is held for map operations only.
public final class NodeDesk {
  private static final Logger LOG = LoggerFactory.getLogger(NodeDesk.class);

  private final String name;
  private final Supplier<NodeReport.Figures> figures;
  private final Clock clock;
  private final RemoteService remotes;
  private final LongAdder announcements = new LongAdder();
  private final LongAdder moved = new LongAdder();

  /// Guarded by itself.
  private final AnnouncedMaps maps = new AnnouncedMaps();

  /// What counts; null before the first announcement.
  private volatile @Nullable Announcement counting;

  private volatile boolean isDraining;

  /// What was said here so far.
  ///
  /// @param routers that are heard, by their names
  /// @param counting the newest map, as it was announced last
  /// @param announcements taken since the start
  /// @param moved keys that were refused since the start
  /// @param isDraining whether the node is about to end
  public record Stats(
      List<Announcement> routers,
      Optional<Announcement> counting,
      long announcements,
      long moved,
      boolean isDraining) {
    /// How many of the routers go by another map than the newest.
    public int differing() {
      return (int)
          routers.stream()
              .filter(said -> counting.isPresent() && !said.isOfSameMap(counting.get()))
              .count();
    }
  }

  /// @param name what the node calls itself
  /// @param figures taken for each answer; must not block
  public NodeDesk(String name, Supplier<NodeReport.Figures> figures, Clock clock) {
    NodeCodec.checkName("name", name);
    this.name = name;
    this.figures = figures;
    this.clock = clock;
    this.remotes = new RemoteService(Router.NODES, this::answer, AnnouncedMaps.MAX_ROUTERS);
  }

  /// What is to be served as [Router#NODES], to those who may speak for a router. A stream that a
  /// router passes on for its client is refused.
  public WireService service() {
    return (stream, request) -> {
      if (request.metadata().first(ClientNames.METADATA).isPresent()) {
        return refused(
            stream,
            WireStatus.of(
                StatusCode.PERMISSION_DENIED, "A router's client does not speak for the router."));
      }
      return remotes
          .onOpen(stream, request)
          .orElseGet(() ->
              refused(
                  stream,
                  WireStatus.of(StatusCode.INVALID_ARGUMENT, "No session, or no room for it.")));
    };
  }

  private static StreamHandler refused(WireStream stream, WireStatus why) {
    stream.abort(why);
    return new Refused();
  }

  private Bytes answer(Bytes body) {
    Announcement said = NodeCodec.announcement(body);
    announcements.increment();
    Announcement newest;
    List<String> lines;
    synchronized (maps) {
      lines = maps.hear(said, clock.nanoTime());
      newest = maps.counting().orElse(said);
      counting = newest;
    }
    lines.forEach(LOG::warn);
    return NodeCodec.encode(
        new NodeReport(
            name,
            isDraining,
            figures.get(),
            newest.mapVersion(),
            newest.mapHash(),
            newest.router(),
            newest.node()));
  }

  /// Demands that a key is this node's to serve.
  ///
  /// @param route the key's hash
  /// @throws WeirException SLOT_MOVED
  public void require(long route) {
    Announcement newest = counting;
    if (newest == null || newest.slots().holds(route)) {
      return;
    }
    moved.increment();
    throw new WeirException(
        ErrorCode.SLOT_MOVED,
        "Slot "
            + SlotMap.slotOf(route)
            + " is not "
            + newest.node()
            + "'s by version "
            + newest.mapVersion()
            + " of the map, which router "
            + newest.router()
            + " goes by.");
  }

  /// The node is about to end: whoever asks from now on is told so.
  public void drain() {
    isDraining = true;
  }

  /// What the node calls itself.
  public String name() {
    return name;
  }

  public Stats stats() {
    synchronized (maps) {
      return new Stats(
          maps.heard(clock.nanoTime()),
          maps.counting(),
          announcements.sum(),
          moved.sum(),
          isDraining);
    }
  }

  /// Owns a stream that was ended before it began.
  private static final class Refused implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
