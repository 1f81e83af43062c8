package dev.weir.node;

import dev.weir.broker.EngineStats.Partition;
import dev.weir.broker.SubscriptionStats;
import java.util.function.Supplier;

/// The core's metrics: base units, counters end in `_total`, no label that a peer can choose.
final class CoreMeters {
  private CoreMeters() {}

  static Meters<CoreFigures> of(Supplier<CoreFigures> source, String version) {
    Meters<CoreFigures> meters = new Meters<>(source);
    meters.gauge("weir.build.info", "Always 1.", _ -> 1, "version", version, "role", "core");
    messages(meters);
    subscriptions(meters);
    store(meters);
    PortMeters.register(meters, CoreFigures::port);
    WebMeters.web(meters);
    link(meters);
    HubMeters.requests(meters, f -> f.broker().requests());
    HubMeters.presence(meters, f -> f.broker().presence());
    HubMeters.auth(meters, CoreFigures::auth);
    KvMeters.buckets(meters, CoreFigures::kv);
    KvMeters.wire(meters, CoreFigures::wire);
    return meters;
  }

  private static void messages(Meters<CoreFigures> meters) {
    meters
        .counter("weir.messages.stored", "Messages made durable.", f -> f.broker().storedMessages())
        .counter("weir.batches.stored", "Batches made durable.", f -> f.broker().storedBatches())
        .counter(
            "weir.stored.bytes",
            "Headers and payloads made durable.",
            f -> f.broker().storedBytes())
        .counter(
            "weir.messages.deduplicated",
            "Messages not stored again because their id was.",
            f -> f.broker().engine().duplicateMessages())
        .counter(
            "weir.batches.deduplicated",
            "Batches not stored again because their sequence was.",
            f -> f.broker().engine().duplicateBatches())
        .counter(
            "weir.batches.rejected",
            "Batches that can never be stored.",
            f -> f.broker().refusedBatches())
        .counter(
            "weir.batches.failed",
            "Batches that the disk did not take; their senders send them again.",
            f -> f.broker().failedBatches())
        .counter(
            "weir.messages.delivered",
            "Messages passed to subscribers.",
            f -> f.broker().deliveredMessages());
  }

  private static void subscriptions(Meters<CoreFigures> meters) {
    meters
        .gauge("weir.subscriptions", "Open subscriptions.", f -> f.broker().subscriptions().size())
        .gauge(
            "weir.subscription.lag.messages.max",
            "Messages that the slowest subscription is behind.",
            f ->
                f.broker().subscriptions().stream()
                    .mapToLong(SubscriptionStats::behindMessages)
                    .max()
                    .orElse(0))
        .counter("weir.gaps", "Gaps told to subscribers.", f -> f.broker().gaps())
        .gauge(
            "weir.retained.topics",
            "Topics that have a retained message.",
            f -> f.broker().retainedTopics())
        .counter(
            "weir.retained.refused.batches",
            "Batches refused because as many topics have a retained message as may.",
            f -> f.broker().refusedRetained())
        .counter(
            "weir.slow.dropped.messages",
            "Stored messages that slow subscriptions passed over.",
            f -> f.broker().slow().droppedMessages())
        .counter(
            "weir.slow.conflated.messages",
            "Messages replaced by newer ones of their topic and key.",
            f -> f.broker().slow().conflatedMessages())
        .counter(
            "weir.slow.disconnects",
            "Subscriptions that ended because they were slow.",
            f -> f.broker().slow().disconnected())
        .counter(
            "weir.slow.held.offers",
            "Publishes that waited for a slow subscription.",
            f -> f.broker().slow().heldOffers())
        .counter(
            "weir.slow.holds.given.up",
            "Times that a subscription held publishers for as long as it may.",
            f -> f.broker().slow().holdsGivenUp());
  }

  private static void store(Meters<CoreFigures> meters) {
    meters
        .gauge("weir.store.bytes", "Size of the log.", f -> f.partitions(Partition::bytes))
        .gauge("weir.store.segments", "Files of the log.", f -> f.partitions(Partition::segments))
        .gauge(
            "weir.store.messages.kept",
            "Messages between the first kept and the end.",
            f -> f.partitions(p -> p.endOffset() - p.firstOffset()))
        .counter("weir.store.commits", "Groups fsynced.", f -> f.partitions(Partition::commits))
        .gauge(
            "weir.store.commit.p50.seconds",
            "Write and fsync of a group, median since start.",
            f -> f.worst(Partition::commitP50Nanos) / 1e9)
        .gauge(
            "weir.store.commit.p99.seconds",
            "Write and fsync of a group, 99th percentile since start.",
            f -> f.worst(Partition::commitP99Nanos) / 1e9)
        .gauge(
            "weir.store.queue.bytes",
            "Taken and not yet durable.",
            f -> f.partitions(Partition::queueBytes))
        .counter("weir.store.holes", "Damaged ranges met.", f -> f.partitions(Partition::holes))
        .gauge("weir.store.disk.free.bytes", "Free on the data disk.", CoreFigures::freeDiskBytes)
        .gauge("weir.store.lanes", "Lanes remembered.", f -> f.broker().engine().lanes())
        .gauge(
            "weir.store.message.ids",
            "Message ids in the duplicate window.",
            f -> f.broker().engine().messageIds());
  }

  private static void link(Meters<CoreFigures> meters) {
    meters
        .gauge("weir.link.sessions", "Open sessions of senders.", f -> f.link().sessions())
        .gauge(
            "weir.link.plain.streams",
            "Open streams of single messages, as version 1 sends them.",
            f -> f.link().plainStreams())
        .gauge("weir.link.queued.bytes", "Taken and not stored yet.", f -> f.link().queuedBytes())
        .counter("weir.link.frames.received", "Frames that arrived.", f -> f.link().frames())
        .counter("weir.link.received.bytes", "Their header and payload.", f -> f.link().bytes())
        .counter(
            "weir.link.frames.duplicate",
            "Frames that had come before.",
            f -> f.link().duplicates())
        .counter("weir.link.frames.invalid", "Frames refused for ever.", f -> f.link().invalid())
        .counter("weir.link.nacks", "Nacks sent.", f -> f.link().nacks())
        .counter(
            "weir.link.credit.exceeded", "Frames beyond the credit.", f -> f.link().overCredit())
        .counter(
            "weir.messages.dropped",
            "Version 1 messages dropped from full queues.",
            f -> f.link().dropped(),
            "where",
            "v1_queue")
        .counter(
            "weir.link.superseded", "Sessions that a newer one ended.", f -> f.link().superseded())
        .counter("weir.link.rejected", "Streams refused at the start.", f -> f.link().rejected())
        .counter(
            "weir.link.protocol.errors",
            "Streams closed for what cannot be.",
            f -> f.link().protocolErrors())
        .counter(
            "weir.link.dictionaries.kept",
            "Compression dictionaries of senders that were kept.",
            f -> f.link().dictionaries())
        .counter(
            "weir.link.dictionaries.refused",
            "Compression dictionaries of senders that were not.",
            f -> f.link().refusedDictionaries())
        .counter("weir.link.lost", "Streams ended by silence or a stall.", f -> f.link().lost());
  }
}
