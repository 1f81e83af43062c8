package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The keys of `edge`.
final class EdgeSection {
  private static final Key<List<CoreAddress>> TO =
      Key.of("to", new ListOf<>(AddressValues.coreAddress(), 0))
          .example("weir://core.example:4750")
          .about(
              "The cores to send to, in order of preference. weir:// speaks wire, and gRPC where"
                  + " wire does not come through; wire:// and grpc:// only the one; weirs://,"
                  + " wires:// and grpcs:// with TLS.");
  private static final Key<EdgeConfig.Tls> TLS = Key.of("tls", tls());
  private static final Key<Optional<Path>> TOKEN =
      Key.of("token", WireSection.optionalFile())
          .defaults(Values.NONE)
          .about(
              "File that holds the token that is shown to cores, over gRPC; read anew at each"
                  + " connection.");
  private static final Key<String> TOPIC =
      Key.of("topic", AddressValues.topic())
          .defaults("edge")
          .about("The topic of inputs that name none.");
  private static final Key<EdgeConfig.Spool> SPOOL = Key.of("spool", spool());
  private static final Key<EdgeConfig.Batch> BATCH = Key.of("batch", batch());
  private static final Key<EdgeConfig.Compression> COMPRESSION =
      Key.of("compression", compression());
  private static final Key<EdgeConfig.Window> WINDOW = Key.of("window", window());
  private static final Key<HostPort> OPS =
      Key.of("ops", AddressValues.hostPort())
          .defaults("127.0.0.1:4760")
          .about("Where /livez, /readyz and /metrics are served.");
  private static final Key<List<InputConfig>> INPUTS =
      Key.of("inputs", new ListOf<>(InputSection.VARIANTS, 0)).about("Where messages come from.");

  static final Section<EdgeConfig> SECTION =
      new Section<>(
          "The collector: inputs, a durable spool, one stream to the core.",
          List.of(TO, TLS, TOKEN, TOPIC, SPOOL, BATCH, COMPRESSION, WINDOW, OPS, INPUTS),
          bound ->
              new EdgeConfig(
                  bound.get(TO),
                  bound.get(TLS),
                  bound.get(TOKEN),
                  bound.get(TOPIC),
                  bound.get(SPOOL),
                  bound.get(BATCH),
                  bound.get(COMPRESSION),
                  bound.get(WINDOW),
                  bound.get(OPS),
                  bound.get(INPUTS)));

  private EdgeSection() {}

  private static Section<EdgeConfig.Tls> tls() {
    Key<Optional<Path>> ca =
        Key.of("ca", WireSection.optionalFile())
            .defaults(Values.NONE)
            .about(
                "Who signs the cores' certificates, PEM; none trusts those whom the JDK trusts.");
    Key<Optional<Path>> certificate =
        Key.of("certificate", WireSection.optionalFile())
            .defaults(Values.NONE)
            .about("The certificate that is shown to cores that ask for one, PEM.");
    Key<Optional<Path>> key =
        Key.of("key", WireSection.optionalFile())
            .defaults(Values.NONE)
            .about("Its private key, PEM in PKCS#8 without a password.");
    return new Section<>(
        "TLS to the cores.",
        List.of(ca, certificate, key),
        bound -> new EdgeConfig.Tls(bound.get(ca), bound.get(certificate), bound.get(key)));
  }

  private static Section<EdgeConfig.Spool> spool() {
    Key<Path> dir =
        Key.of("dir", AddressValues.directory("spool"))
            .defaults(AddressValues.AUTO)
            .about("Where the spool is kept; auto is $XDG_STATE_HOME/weir/spool.");
    Key<ByteSize> maxBytes =
        Key.of("maxBytes", Values.size("1MiB", "1024TiB"))
            .defaults("10GiB")
            .about("How large the spool may become.");
    Key<Optional<Duration>> maxAge =
        Key.of("maxAge", Values.optional(Values.duration("1m", "36500d")))
            .defaults(Values.NONE)
            .about("Messages that waited longer are dropped and counted.");
    Key<ByteSize> freeDiskFloor =
        Key.of("freeDiskFloor", Values.size("0B", "1024TiB"))
            .defaults("1GiB")
            .about("The spool counts as full when less of the disk is free.");
    Key<EdgeConfig.WhenFull> full =
        Key.of("full", Values.choice(List.of(EdgeConfig.WhenFull.values())))
            .defaults("block")
            .about("When the spool is full: hold the inputs, or drop and count.");
    Key<EdgeConfig.Backfill> backfill =
        Key.of("backfill", Values.choice(List.of(EdgeConfig.Backfill.values())))
            .defaults("newestFirst")
            .about(
                "After an outage: send new data first and the backlog behind it, or all in order.");
    Key<Integer> backfillPercent =
        Key.of("backfillPercent", Values.integer("", 1, 90))
            .defaults("20")
            .about("What the backlog gets of the link at least, while new data fill it.");
    return new Section<>(
        "The durable log of the edge.",
        List.of(dir, maxBytes, maxAge, freeDiskFloor, full, backfill, backfillPercent),
        bound ->
            new EdgeConfig.Spool(
                bound.get(dir),
                bound.get(maxBytes),
                bound.get(maxAge),
                bound.get(freeDiskFloor),
                bound.get(full),
                bound.get(backfill),
                bound.get(backfillPercent)));
  }

  private static Section<EdgeConfig.Batch> batch() {
    Key<ByteSize> bytes =
        Key.of("bytes", Values.size("1KiB", "16MiB"))
            .defaults("256KiB")
            .about(
                "A batch is closed when it holds as much, before compression; with less (64 KiB or"
                    + " more) where nothing compresses and the link is the bottleneck.");
    Key<Duration> linger =
        Key.of("linger", Values.duration("0s", "5m"))
            .defaults("200ms")
            .about("A batch is closed when its first message waited as long.");
    return new Section<>(
        "What is compressed, stored and sent together.",
        List.of(bytes, linger),
        bound -> new EdgeConfig.Batch(bound.get(bytes), bound.get(linger)));
  }

  private static Section<EdgeConfig.Compression> compression() {
    Key<EdgeConfig.Codec> codec =
        Key.of("codec", Values.choice(List.of(EdgeConfig.Codec.values())))
            .defaults("zstd")
            .about("How batches are compressed.");
    Key<Optional<Integer>> level =
        Key.of("level", Values.orAuto(Values.integer("", 1, 19)))
            .defaults("auto")
            .about("More compresses better and slower; auto is 1, 3 or 6, by the bottleneck.");
    Key<EdgeConfig.DictionaryUse> dictionary =
        Key.of("dictionary", Values.choice(List.of(EdgeConfig.DictionaryUse.values())))
            .defaults("auto")
            .about("Trained on the edge's own data, used where batches shrink by 5 %.");
    Key<EdgeConfig.Columnar> columnar =
        Key.of("columnar", Values.choice(List.of(EdgeConfig.Columnar.values())))
            .defaults("auto")
            .about(
                "Whether metrics and JSON rows become columns before zstd, where that is smaller.");
    return new Section<>(
        "Done once, before the spool.",
        List.of(codec, level, dictionary, columnar),
        bound ->
            new EdgeConfig.Compression(
                bound.get(codec), bound.get(level), bound.get(dictionary), bound.get(columnar)));
  }

  private static Section<EdgeConfig.Window> window() {
    Key<EdgeConfig.WindowMode> mode =
        Key.of("mode", Values.choice(List.of(EdgeConfig.WindowMode.values())))
            .defaults("auto")
            .about("auto follows the path and the core's commits; fixed always allows bytes.");
    Key<ByteSize> bytes =
        Key.of("bytes", Values.size("64KiB", "1GiB"))
            .defaults("32MiB")
            .about("How much may be sent before the core has acknowledged it; with auto, at most.");
    return new Section<>(
        "What may be in flight to the core.",
        List.of(mode, bytes),
        bound -> new EdgeConfig.Window(bound.get(mode), bound.get(bytes)));
  }
}
