package dev.weir.gateway.web.rest;

import dev.weir.base.Bytes;
import dev.weir.broker.QueuedMessage;
import dev.weir.message.Message;
import java.util.Optional;

/// A message that a consumer of the web holds, without the message: what settling it needs. Guarded
/// by its owner, but for its time.
public final class Lease {
  /// Stands for what is held, so that a lease holds no body.
  private static final Message NOTHING = Message.of("-", Bytes.EMPTY);

  private final QueuedMessage held;
  private volatile long untilMicros;

  public Lease(QueuedMessage message) {
    this.held =
        new QueuedMessage(
            NOTHING,
            message.position(),
            message.storedMicros(),
            message.place(),
            message.lease(),
            message.delivery(),
            message.untilMicros(),
            Optional.empty());
    this.untilMicros = message.untilMicros();
  }

  public QueuedMessage held() {
    return held;
  }

  /// When it ends, microseconds since 1970.
  public long untilMicros() {
    return untilMicros;
  }

  public void extendTo(long newUntilMicros) {
    untilMicros = newUntilMicros;
  }
}
