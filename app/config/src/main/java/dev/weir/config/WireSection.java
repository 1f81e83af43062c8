package dev.weir.config;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys of `wire`.
final class WireSection {
  private static final Key<Optional<Path>> TOKENS =
      Key.of("tokens", optionalFile())
          .defaults(Values.NONE)
          .about("File of lines NAME TOKEN; with it clients must show one of the tokens.");

  private static final Key<Boolean> CHECKSUM =
      Key.of("checksum", Values.bool())
          .defaults("false")
          .about("Offers a CRC32C on every message, in force where the other end offers it, too.");
  private static final Key<Boolean> COMPRESSION =
      Key.of("compression", Values.bool())
          .defaults("false")
          .about("Offers zstd for bodies from 512 bytes, in force as above.");

  private static final Key<Integer> LEASE_CALLS =
      Key.of("calls", Values.integer("", 0, 1_000_000_000))
          .defaults("0")
          .about("Calls that one connection may begin in a period; 0 for any number.");
  private static final Key<Duration> LEASE_PERIOD =
      Key.of("period", Values.duration("100ms", "1h"))
          .defaults("1s")
          .about("How long these are for.");
  private static final Key<WireSettings.Lease> LEASE =
      Key.of(
          "lease",
          new Section<>(
              "How many calls a client may begin, before it waits or is refused.",
              List.of(LEASE_CALLS, LEASE_PERIOD),
              bound -> new WireSettings.Lease(bound.get(LEASE_CALLS), bound.get(LEASE_PERIOD))));

  private static final Key<Integer> SPIN =
      Key.of("spinMicros", Values.integer("", 0, 100_000))
          .defaults("0")
          .about(
              "Microseconds for which event loops look for work before they sleep. With cores to"
                  + " spare 200 answers single calls several times as fast.");

  static final Section<WireSettings> SECTION =
      new Section<>(
          "Wire, the protocol of key/value clients, routers and storage nodes.",
          List.of(TOKENS, CHECKSUM, COMPRESSION, LEASE, SPIN),
          bound ->
              new WireSettings(
                  bound.get(TOKENS),
                  bound.get(CHECKSUM),
                  bound.get(COMPRESSION),
                  bound.get(LEASE),
                  Duration.ofNanos(bound.get(SPIN) * 1_000L)));

  private WireSection() {}

  static Value<Optional<Path>> optionalFile() {
    return Values.optional(AddressValues.file());
  }
}
