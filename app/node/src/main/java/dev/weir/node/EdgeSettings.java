package dev.weir.node;

import dev.weir.base.ByteSize;
import dev.weir.config.CoreAddress;
import dev.weir.config.EdgeConfig.Backfill;
import dev.weir.config.EdgeConfig.DictionaryUse;
import dev.weir.config.EdgeConfig.WhenFull;
import dev.weir.config.WeirConfig;
import dev.weir.edge.EdgeConfig;
import dev.weir.edge.encoding.CompressionPolicy;
import dev.weir.edge.spool.BackfillPolicy;
import dev.weir.edge.spool.BatchPolicy;
import dev.weir.edge.spool.OverflowPolicy;
import dev.weir.edge.spool.SpoolConfig;
import dev.weir.edge.uplink.UplinkConfig;
import dev.weir.flow.WindowMode;
import dev.weir.link.LinkTls;
import dev.weir.tls.PemFiles;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Translates the configuration into what the edge's parts take.
final class EdgeSettings {
  private final WeirConfig config;
  private final dev.weir.config.EdgeConfig edge;

  EdgeSettings(WeirConfig config) {
    this.config = config;
    this.edge = config.edge();
  }

  EdgeConfig edge(String agent) {
    return new EdgeConfig(
        agent, spool(), batch(), EdgeConfig.DEFAULT_INTAKE_SIZE, SourceSettings.of(edge));
  }

  /// The key files of the uplink; null when the JDK's trust will do.
  @Nullable PemFiles keyFiles() {
    dev.weir.config.EdgeConfig.Tls tls = edge.tls();
    return tls.isEmpty()
        ? null
        : new PemFiles(
            tls.certificate().orElse(null), tls.key().orElse(null), tls.ca().orElse(null));
  }

  /// @param files what [#keyFiles] gave
  /// @throws dev.weir.base.WeirException CONFIG_ENVIRONMENT when there is no token in its file
  UplinkConfig uplink(String version, @Nullable PemFiles files) {
    List<URI> targets = edge.to().stream().map(CoreAddress::toString).map(URI::create).toList();
    return new UplinkConfig(
        targets,
        windowMode(),
        edge.window().bytes(),
        config.flow().heartbeat(),
        "weir-edge " + version,
        edge.spool().backfillPercent(),
        files == null ? LinkTls.STANDARD : new LinkTls(files),
        edge.token().map(ShownToken::new));
  }

  private WindowMode windowMode() {
    return switch (edge.window().mode()) {
      case AUTO -> WindowMode.AUTO;
      case FIXED -> WindowMode.FIXED;
    };
  }

  private SpoolConfig spool() {
    SpoolConfig spool =
        SpoolConfig.of(edge.spool().dir())
            .withMaxBytes(edge.spool().maxBytes())
            .withFreeDiskFloor(edge.spool().freeDiskFloor())
            .withOverflow(overflow(edge.spool().full()))
            .withSegmentBytes(segment(edge.spool().maxBytes()))
            .withBackfill(backfill(edge.spool().backfill()));
    return edge.spool().maxAge().map(spool::withMaxAge).orElse(spool);
  }

  /// A small spool gives space back in small steps.
  private static ByteSize segment(ByteSize maxBytes) {
    return new ByteSize(Math.clamp(maxBytes.bytes() / 8, 1 << 20, 16 << 20));
  }

  private static OverflowPolicy overflow(WhenFull full) {
    return switch (full) {
      case BLOCK -> OverflowPolicy.BLOCK;
      case DROP_OLDEST -> OverflowPolicy.DROP_OLDEST;
      case DROP_NEWEST -> OverflowPolicy.DROP_NEWEST;
    };
  }

  private static BackfillPolicy backfill(Backfill backfill) {
    return switch (backfill) {
      case NEWEST_FIRST -> BackfillPolicy.NEWEST_FIRST;
      case IN_ORDER -> BackfillPolicy.IN_ORDER;
    };
  }

  private BatchPolicy batch() {
    ByteSize rawSize = new ByteSize(Math.min(edge.batch().bytes().bytes(), 8 << 20));
    boolean isColumnar =
        switch (edge.compression().columnar()) {
          case AUTO -> true;
          case OFF -> false;
        };
    return new BatchPolicy(rawSize, edge.batch().linger(), compression(), isColumnar);
  }

  private CompressionPolicy compression() {
    return switch (edge.compression().codec()) {
      case NONE -> CompressionPolicy.fixed(0);
      case ZSTD ->
          new CompressionPolicy(
              edge.compression().level().map(OptionalInt::of).orElse(OptionalInt.empty()),
              edge.compression().dictionary() == DictionaryUse.AUTO);
    };
  }
}
