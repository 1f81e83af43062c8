package dev.weir.node;

import dev.weir.base.Bytes;
import dev.weir.edge.Edge;
import dev.weir.edge.EdgeStats;
import dev.weir.edge.encoding.EncodingStats;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import dev.weir.edge.spool.LossReason;
import dev.weir.edge.spool.LossTotal;
import dev.weir.edge.spool.SpoolStats;
import dev.weir.flow.LimitedBy;
import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRoute;
import dev.weir.link.LinkState;
import dev.weir.log.LogCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// An edge's `/metrics`, `/livez` and `/readyz`. Ready means that the spool takes messages: an edge
/// whose core is away is ready, it is what a spool is for.
final class EdgeOps {
  private static final LossTotal NONE = new LossTotal(0, 0);

  private final Edge edge;
  private final Meters<EdgeStats> meters;

  EdgeOps(Edge edge, String version) {
    this.edge = edge;
    this.meters = new Meters<>(edge::stats);
    meters.gauge("weir.build.info", "Always 1.", _ -> 1, "version", version, "role", "edge");
    sources();
    spool();
    link();
    encoding();
  }

  Map<String, OpsRoute> routes() {
    return Map.of(
        "/metrics",
        _ -> new OpsAnswer(200, OpsRoutes.PROMETHEUS_TEXT, Bytes.utf8(meters.page())),
        "/livez",
        new Health(List::of)::answer,
        "/readyz",
        new Health(this::readiness)::answer);
  }

  private List<Health.Check> readiness() {
    EdgeStats stats = edge.stats();
    List<Health.Check> checks = new ArrayList<>();
    LogCondition condition = stats.spool().log().condition();
    checks.add(
        new Health.Check(
            "spool",
            condition == LogCondition.OPEN && !stats.spool().isFull(),
            stats.spool().isFull() ? "full" : condition.toString()));
    stats
        .sources()
        .forEach(source ->
            checks.add(
                new Health.Check(
                    source.name(),
                    source.state() != SourceState.FAILED,
                    source.state() + " " + source.detail())));
    checks.add(new Health.Check("link", true, EdgeNode.word(stats.link().state())));
    return checks;
  }

  private void sources() {
    List<SourceStats> sources = edge.stats().sources();
    for (int i = 0; i < sources.size(); i++) {
      int index = i;
      String name = sources.get(i).name();
      sources.get(i).faults().keySet().forEach(fault -> fault(index, name, fault));
      meters
          .counter(
              "weir.source.messages",
              "Messages that arose.",
              s -> s.sources().get(index).messageCount(),
              "source",
              name)
          .counter(
              "weir.source.bytes",
              "Their bodies.",
              s -> s.sources().get(index).bytes(),
              "source",
              name)
          .counter(
              "weir.source.refused",
              "Deliveries turned away.",
              s -> s.sources().get(index).refusedCount(),
              "source",
              name)
          .gauge(
              "weir.source.lag.bytes",
              "Known to be there and not read yet.",
              s -> s.sources().get(index).lagBytes(),
              "source",
              name);
    }
  }

  private void fault(int index, String name, SourceFault fault) {
    meters.counter(
        "weir.source.faults",
        "What a source met in its input that it could not take as it is.",
        s -> s.sources().get(index).faults().getOrDefault(fault, 0L),
        "source",
        name,
        "reason",
        fault.label());
  }

  private void spool() {
    meters
        .gauge("weir.spool.bytes", "Not yet acked by a core.", s -> s.spool().unackedBytes())
        .gauge("weir.spool.messages", "Likewise, in messages.", s -> s.spool().unackedMessages())
        .gauge(
            "weir.spool.oldest.seconds.epoch",
            "When the oldest of them was written; 0 for none.",
            s -> s.spool().oldestMicros() / 1e6)
        .gauge(
            "weir.spool.held.bytes",
            "From the oldest of them to the end: what the limit counts.",
            s -> s.spool().heldBytes())
        .gauge("weir.spool.lanes", "Lanes with something left.", s -> s.spool().lanes())
        .counter(
            "weir.spool.rolls",
            "Lanes that were closed, so that new data go first.",
            s -> s.spool().liveLane())
        .gauge("weir.spool.full", "1 while nothing is taken.", s -> s.spool().isFull() ? 1 : 0)
        .gauge("weir.spool.disk.bytes", "Size of its log.", s -> s.spool().log().bytes())
        .counter("weir.spool.holes", "Damaged ranges met.", s -> s.spool().log().holes());
    backlog("live", SpoolStats::live);
    backlog("backfill", SpoolStats::backfill);
    for (LossReason reason : LossReason.values()) {
      meters.counter(
          "weir.messages.dropped",
          "Messages lost by policy or damage, each told to the core: alert above zero.",
          s -> s.spool().losses().getOrDefault(reason, NONE).messages(),
          "where",
          "spool",
          "reason",
          reason.label());
    }
  }

  private void encoding() {
    meters
        .gauge("weir.edge.zstd.level", "Of the next batch.", s -> s.encoding().zstdLevel())
        .counter("weir.edge.batch.raw.bytes", "Before compression.", s -> s.encoding().rawBytes())
        .counter("weir.edge.batch.encoded.bytes", "Behind it.", s -> s.encoding().encodedBytes())
        .gauge("weir.edge.compression.ratio", "Since the start.", s -> s.encoding().ratio())
        .counter("weir.edge.dictionaries.trained", "Made here.", s -> s.encoding().trained())
        .counter(
            "weir.edge.dictionaries.adopted",
            "Gained enough to be used.",
            s -> s.encoding().adopted())
        .counter(
            "weir.edge.dictionaries.declined",
            "Gained too little, or not taken by the core.",
            s -> s.encoding().declined())
        .counter(
            "weir.link.dictionaries.published",
            "Sent to a core.",
            s -> s.link().publishedDictionaries())
        .counter(
            "weir.link.frames.recoded",
            "Compressed again without a dictionary that a core did not take.",
            s -> s.link().recodedFrames());
    for (int i = 0; i < EncodingStats.MAX_CLASSES; i++) {
      int slot = i;
      String place = Integer.toString(i + 1);
      meters
          .gauge(
              "weir.edge.dictionary.id",
              "In use for a class of data, 0 for none; the classes in order of their appearance.",
              s -> s.encoding().classAt(slot).dictionaryId(),
              "class",
              place)
          .gauge(
              "weir.edge.class.compression.ratio",
              "Of a class of data, since its beginning.",
              s -> s.encoding().classAt(slot).ratio(),
              "class",
              place);
    }
  }

  private void backlog(String role, Function<SpoolStats, SpoolStats.Backlog> part) {
    meters
        .gauge(
            "weir.spool.lane.bytes",
            "Not yet acked: of the live lane, or of what arose before an outage ended.",
            s -> part.apply(s.spool()).bytes(),
            "role",
            role)
        .gauge(
            "weir.spool.lane.messages",
            "Likewise, in messages.",
            s -> part.apply(s.spool()).messages(),
            "role",
            role)
        .gauge(
            "weir.spool.lane.oldest.seconds.epoch",
            "When the oldest of them was written; 0 for none.",
            s -> part.apply(s.spool()).oldestMicros() / 1e6,
            "role",
            role);
  }

  private void link() {
    meters
        .gauge(
            "weir.link.ready",
            "1 while a core takes frames.",
            s -> s.link().state() instanceof LinkState.Ready ? 1 : 0)
        .gauge("weir.link.window.bytes", "What may be in flight.", s -> s.link().windowBytes())
        .gauge("weir.link.inflight.bytes", "What is in flight.", s -> s.link().inFlightBytes())
        .gauge("weir.link.rtt.seconds", "Smoothed.", s -> s.link().rttMicros() / 1e6)
        .gauge(
            "weir.link.commit.seconds",
            "The core's write and fsync, smoothed.",
            s -> s.link().path().commitMicros() / 1e6)
        .gauge(
            "weir.link.queue.seconds",
            "The rest of a frame's time at the core.",
            s -> s.link().path().queueMicros() / 1e6)
        .gauge(
            "weir.link.rtt.min.seconds",
            "The smallest of late, without the core's part.",
            s -> s.link().path().minRttMicros() / 1e6)
        .gauge(
            "weir.link.delivery.bytes.per.second",
            "What the path can do: the highest rate of the last ten round trips.",
            s -> s.link().path().bytesPerSecond())
        .gauge(
            "weir.link.acked.bytes.per.second",
            "Over the last second.",
            s -> s.link().ackedBytesPerSecond())
        .counter("weir.link.reconnects", "Connections lost.", s -> s.link().reconnects())
        .counter("weir.link.frames.sent", "Frames, again counted.", s -> s.link().sentFrames())
        .counter("weir.link.sent.bytes", "Their bytes.", s -> s.link().sentBytes())
        .counter("weir.link.frames.resent", "Sent more than once.", s -> s.link().resentFrames())
        .counter("weir.link.frames.acked", "Settled.", s -> s.link().ackedFrames())
        .counter("weir.link.frames.refused", "Never to be stored.", s -> s.link().refusedFrames())
        .counter("weir.link.heartbeats", "Beats sent.", s -> s.link().heartbeats())
        .counter("weir.link.heartbeats.heard", "Of the core.", s -> s.link().heartbeatsHeard())
        .counter("weir.link.heartbeats.missed", "Silent beats.", s -> s.link().heartbeatsMissed());
    for (LimitedBy reason : LimitedBy.values()) {
      meters.gauge(
          "weir.link.limited.ratio",
          "Share of the last second in which this held sending back.",
          s -> s.link().limits().of(reason),
          "by",
          word(reason));
    }
  }

  static String word(LimitedBy reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
