package dev.weir.gateway.web.rest;

import dev.weir.base.Bytes;
import dev.weir.broker.QueuedMessage;
import dev.weir.message.Message;
import java.util.Optional;

/// A message that a pull holds, without the message: what settling it needs. Owned by its desk.
final class Lease {
  /// Stands for what is held, so that a lease holds no body.
  private static final Message NOTHING = Message.of("-", Bytes.EMPTY);

  private final QueuedMessage held;
  private long untilMicros;

  Lease(QueuedMessage message) {
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

  QueuedMessage held() {
    return held;
  }

  long untilMicros() {
    return untilMicros;
  }

  void extendTo(long newUntilMicros) {
    untilMicros = newUntilMicros;
  }
}
