package dev.weir.edge.uplink;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.flow.AdaptiveWindow;
import dev.weir.flow.BackfillShare;
import dev.weir.flow.WindowMode;
import dev.weir.link.LinkTls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Where frames go.
///
/// @param targets cores in order of preference, `weir://HOST:PORT` or another scheme of the link
/// @param windowMode how what may be on its way without an ack is bounded
/// @param window the most of it, or in FIXED mode all of it
/// @param heartbeat how long the connection may be silent before one is sent
/// @param software name and version, for the core's records
/// @param backfillPercent what a backlog gets of the link at least, while what is fresh fills it: 1
///   to 90
/// @param tls for the targets that ask for it
/// @param authorization what is shown to cores that ask who comes, asked at each connection:
///   `Bearer TOKEN`
public record UplinkConfig(
    List<URI> targets,
    WindowMode windowMode,
    ByteSize window,
    Duration heartbeat,
    String software,
    int backfillPercent,
    LinkTls tls,
    Optional<Supplier<String>> authorization) {
  public UplinkConfig {
    targets = List.copyOf(targets);
    Checks.argument(!targets.isEmpty(), "targets is empty, expected at least one core");
  }

  /// A window that adapts, up to 32 MiB.
  public static UplinkConfig of(List<URI> targets) {
    return new UplinkConfig(
        targets,
        WindowMode.AUTO,
        new ByteSize(AdaptiveWindow.DEFAULT_MAX_BYTES),
        Duration.ofSeconds(5),
        "weir-edge",
        BackfillShare.DEFAULT_PERCENT,
        LinkTls.STANDARD,
        Optional.empty());
  }
}
