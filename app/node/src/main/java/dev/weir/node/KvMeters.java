package dev.weir.node;

import dev.weir.kv.KvStats;
import dev.weir.router.nodes.Announcement;
import dev.weir.router.nodes.NodeDesk;
import dev.weir.wire.WireCounters;
import java.util.function.Function;
import java.util.function.Supplier;

/// The metrics of buckets and of wire, on the pages of every role that has them.
final class KvMeters {
  private KvMeters() {}

  static <F> void buckets(Meters<F> meters, Function<F, KvStats> stats) {
    meters
        .gauge("weir.kv.buckets", "Buckets.", f -> stats.apply(f).buckets())
        .gauge(
            "weir.kv.revisions",
            "Revisions of keys that are kept, deletions included.",
            f -> stats.apply(f).revisions())
        .gauge(
            "weir.kv.live.bytes",
            "Bytes of the buckets' log that are needed.",
            f -> stats.apply(f).liveBytes())
        .gauge("weir.kv.watches", "Watches that are open.", f -> stats.apply(f).watchers())
        .gauge(
            "weir.kv.store.bytes", "Size of the buckets' log.", f -> stats.apply(f).log().bytes())
        .counter(
            "weir.kv.writes",
            "Records of the buckets made durable, compaction's included.",
            f -> stats.apply(f).log().appendedMessages())
        .counter("weir.kv.commits", "Groups of them fsynced.", f -> stats.apply(f).log().commits())
        .gauge(
            "weir.kv.queue.bytes",
            "Taken and not yet durable.",
            f -> stats.apply(f).log().queueBytes())
        .gauge(
            "weir.kv.commit.p99.seconds",
            "Write and fsync of a group, 99th percentile since start.",
            f -> stats.apply(f).log().commitLatency().p99Nanos() / 1e9);
  }

  /// What routers say of their maps.
  static <F> void routers(Meters<F> meters, Supplier<NodeDesk.Stats> desk) {
    meters
        .gauge("weir.kv.routers", "Routers that are heard.", _ -> desk.get().routers().size())
        .gauge(
            "weir.kv.routers.differing",
            "Of these, those that go by another map than the newest: alert above zero.",
            _ -> desk.get().differing())
        .gauge(
            "weir.kv.map.version",
            "Of the newest map that a router announced; 0 before the first.",
            _ -> desk.get().counting().map(Announcement::mapVersion).orElse(0L))
        .gauge(
            "weir.kv.slots",
            "Slots that the node keeps by it.",
            _ -> desk.get().counting().map(said -> said.slots().count()).orElse(0))
        .counter(
            "weir.kv.announcements",
            "Announcements of routers that were taken.",
            _ -> desk.get().announcements())
        .counter(
            "weir.kv.moved",
            "Requests refused since another node keeps their key's slot.",
            _ -> desk.get().moved());
  }

  static <F> void wire(Meters<F> meters, Function<F, WireFigures> figures) {
    meters
        .gauge("weir.wire.connections", "Open connections.", f -> figures.apply(f).connections())
        .gauge(
            "weir.wire.held.bytes",
            "Received and not consumed yet.",
            f -> figures.apply(f).heldBytes())
        .gauge(
            "weir.wire.buffer.bytes",
            "Direct memory in use by buffers, of every protocol.",
            f -> figures.apply(f).bufferBytes())
        .counter(
            "weir.wire.peer.faults",
            "Connections closed because their peer broke the protocol.",
            f -> counters(figures.apply(f)).peerFaults())
        .counter(
            "weir.wire.floods",
            "Of these, for too many frames that cost nothing.",
            f -> counters(figures.apply(f)).floods())
        .counter(
            "weir.wire.stalls",
            "Streams and connections ended because their peer did not move.",
            f -> counters(figures.apply(f)).stalls())
        .counter(
            "weir.wire.damaged.frames",
            "Frames whose checksum was wrong, and bodies that could not be decompressed.",
            f -> counters(figures.apply(f)).damagedFrames())
        .counter(
            "weir.wire.leases",
            "Leases of calls given to clients.",
            f -> counters(figures.apply(f)).leases())
        .counter(
            "weir.wire.lease.refusals",
            "Calls refused, unprocessed, because they began beyond a lease.",
            f -> counters(figures.apply(f)).leaseRefusals())
        .counter(
            "weir.wire.lease.waits",
            "Times that calls of this node waited for a lease of another.",
            f -> counters(figures.apply(f)).leaseWaits())
        .counter(
            "weir.wire.handler.faults",
            "Streams ended by a failure of the service.",
            f -> counters(figures.apply(f)).handlerFaults())
        .counter(
            "weir.wire.late.replies",
            "Replies that came when nobody waited.",
            f -> counters(figures.apply(f)).lateReplies());
  }

  private static WireCounters counters(WireFigures figures) {
    return figures.counters();
  }
}
