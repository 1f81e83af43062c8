package dev.weir.edge.source;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import dev.weir.message.Message;
import dev.weir.message.Topic;
import java.net.InetSocketAddress;
import java.time.Duration;

/// An HTTP listener.
///
/// @param topic for requests to `/`; `/topics/a/b` names `a/b`
/// @param listen where; port 0 for any free one
/// @param maxMessage the largest message, 1 B to 16 MiB
/// @param maxBody the largest request body after decompression, up to 64 MiB
/// @param maxInFlight bodies in memory at once, over all requests; beyond it 429 is answered
/// @param requestTimeout how long a client may take to send one request, in whole seconds; the
///   process's first listener decides for all
/// @param ackTimeout how long a request waits for its fsync before 503 is answered
public record HttpConfig(
    String name,
    String topic,
    InetSocketAddress listen,
    ByteSize maxMessage,
    ByteSize maxBody,
    ByteSize maxInFlight,
    Duration requestTimeout,
    Duration ackTimeout)
    implements SourceConfig {

  public HttpConfig {
    Topic.check(topic);
    Checks.range("maxMessage", maxMessage.bytes(), 1, Message.MAX_BODY_BYTES);
    Checks.range("maxBody", maxBody.bytes(), 1, 64 << 20);
    Checks.range("maxInFlight", maxInFlight.bytes(), maxBody.bytes(), Integer.MAX_VALUE);
    Checks.range("requestTimeout seconds", requestTimeout.toSeconds(), 1, 3600);
    Checks.range("ackTimeout millis", ackTimeout.toMillis(), 1, 3_600_000);
  }

  /// Messages of 1 MiB in bodies of 16 MiB, 64 MiB of them at once, 30 s for either side.
  public static HttpConfig of(String topic, InetSocketAddress listen) {
    return new HttpConfig(
        "http",
        topic,
        listen,
        ByteSize.ofMebibytes(1),
        ByteSize.ofMebibytes(16),
        ByteSize.ofMebibytes(64),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30));
  }

  @Override
  public Source open(SourceContext context) {
    return new HttpSource(this, context.admission(), context.waitedFor(), context.clock());
  }
}
