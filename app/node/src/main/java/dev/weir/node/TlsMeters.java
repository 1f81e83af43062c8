package dev.weir.node;

import dev.weir.tls.KeyStats;
import java.util.function.Supplier;

/// The metrics of key files, on the pages of every role that may have them.
final class TlsMeters {
  private TlsMeters() {}

  static <F> void register(Meters<F> meters, Supplier<KeyStats> stats) {
    meters
        .gauge(
            "weir.tls.certificate.end.seconds",
            "When the own certificate ends, in seconds since 1970; 0 without one.",
            _ -> stats.get().notAfter().map(end -> (double) end.getEpochSecond()).orElse(0.0))
        .gauge(
            "weir.tls.files.current",
            "1 while the key files that are there are in use, 0 while they do not fit.",
            _ -> stats.get().isCurrent() ? 1 : 0)
        .counter(
            "weir.tls.files.taken", "Changes of key files put in use.", _ -> stats.get().taken())
        .counter(
            "weir.tls.files.refused",
            "Changes of key files that did not fit.",
            _ -> stats.get().refused());
  }
}
