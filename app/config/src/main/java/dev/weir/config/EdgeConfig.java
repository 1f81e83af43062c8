package dev.weir.config;

import dev.weir.base.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A collector: its inputs, its spool and its uplink.
///
/// @param to cores in order of preference
/// @param tls for the cores that are spoken to over TLS
/// @param token file of the token that is shown to cores that ask who comes
/// @param topic for inputs that name none
/// @param ops where health and metrics are served
public record EdgeConfig(
    List<CoreAddress> to,
    Tls tls,
    Optional<Path> token,
    String topic,
    Spool spool,
    Batch batch,
    Compression compression,
    Window window,
    HostPort ops,
    List<InputConfig> inputs) {

  public EdgeConfig {
    to = List.copyOf(to);
    inputs = List.copyOf(inputs);
  }

  /// The topic that messages of this input are published to.
  public String topicOf(InputConfig input) {
    return input.topic().orElse(topic);
  }

  /// What a core is trusted by, and shown.
  ///
  /// @param ca who signs the cores' certificates; absent for those whom the JDK trusts
  /// @param certificate what is shown to cores that ask for one
  public record Tls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    public boolean isEmpty() {
      return ca.isEmpty() && certificate.isEmpty() && key.isEmpty();
    }
  }

  /// The edge's durable log.
  ///
  /// @param maxAge older messages are dropped and counted; absent for no limit
  /// @param backfill what goes first after an outage
  /// @param backfillPercent what the backlog gets of the link at least, 1 to 90
  public record Spool(
      Path dir,
      ByteSize maxBytes,
      Optional<Duration> maxAge,
      ByteSize freeDiskFloor,
      WhenFull full,
      Backfill backfill,
      int backfillPercent) {}

  /// What goes first after an outage.
  public enum Backfill {
    /// What arises from now on; the backlog drains behind it.
    NEWEST_FIRST,
    /// The backlog.
    IN_ORDER
  }

  /// What a full spool does.
  public enum WhenFull {
    /// Stop reading the inputs.
    BLOCK,
    /// Drop what has waited longest, counted.
    DROP_OLDEST,
    /// Drop what arrives, counted.
    DROP_NEWEST
  }

  /// When a batch is closed.
  public record Batch(ByteSize bytes, Duration linger) {}

  /// How batches are compressed.
  ///
  /// @param level absent to let it follow the bottleneck
  public record Compression(
      Codec codec, Optional<Integer> level, DictionaryUse dictionary, Columnar columnar) {}

  /// Whether dictionaries are trained on the edge's own data.
  public enum DictionaryUse {
    /// Where they gain.
    AUTO,
    OFF
  }

  /// The compression of batches.
  public enum Codec {
    NONE,
    ZSTD
  }

  /// Whether batches of metrics are turned into columns first.
  public enum Columnar {
    /// Where it is smaller.
    AUTO,
    OFF
  }

  /// What may be in flight to the core.
  ///
  /// @param bytes the most of it, or when fixed all of it
  public record Window(WindowMode mode, ByteSize bytes) {}

  /// How the window is found.
  public enum WindowMode {
    /// From what the path delivers and the core takes.
    AUTO,
    /// As written.
    FIXED
  }
}
