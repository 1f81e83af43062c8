package dev.weir.edge.source.otlp;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceConfig;
import dev.weir.edge.source.SourceContext;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;
import java.time.Duration;

/// A listener for OTLP over gRPC.
///
/// @param topic of the source; a signal's topic is one level below it: `TOPIC/logs`
/// @param listen where, by convention port 4317; port 0 for any free one
/// @param maxBody the largest request after decompression, 1 KiB to 16 MiB
/// @param maxInFlight requests in memory at once, `maxBody` to 2 GiB - 1; beyond it they are
///   refused with RESOURCE_EXHAUSTED
/// @param ackTimeout how long a request waits for its fsync before UNAVAILABLE, 1 ms to 1 h
public record OtlpConfig(
    String name,
    String topic,
    InetSocketAddress listen,
    ByteSize maxBody,
    ByteSize maxInFlight,
    Duration ackTimeout)
    implements SourceConfig {
  /// What collectors take of one request by default.
  public static final ByteSize DEFAULT_MAX_BODY = ByteSize.ofMebibytes(4);

  public OtlpConfig {
    Topic.check(topic + "/" + OtlpSignal.METRICS.label());
    Checks.range("maxBody", maxBody.bytes(), 1 << 10, Message.MAX_BODY_BYTES);
    Checks.range("maxInFlight", maxInFlight.bytes(), maxBody.bytes(), Integer.MAX_VALUE);
    Checks.range("ackTimeout millis", ackTimeout.toMillis(), 1, 3_600_000);
  }

  /// 128 MiB of requests at once; 10 s for the fsync, which is what exporters wait for an answer.
  public static OtlpConfig of(
      String name, String topic, InetSocketAddress listen, ByteSize maxBody) {
    return new OtlpConfig(
        name, topic, listen, maxBody, ByteSize.ofMebibytes(128), Duration.ofSeconds(10));
  }

  @Override
  public Source open(SourceContext context) {
    return new OtlpSource(this, context);
  }
}
