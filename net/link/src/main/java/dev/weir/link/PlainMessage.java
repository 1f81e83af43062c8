package dev.weir.link;

import com.google.protobuf.ByteString;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import org.jspecify.annotations.Nullable;

/// One single message between its arrival and its outcome. The store calls back on any thread; the
/// outcome is handed over to the stream's event loop.
final class PlainMessage implements StoreListener {
  /// What a message without a body still costs.
  private static final int OVERHEAD_BYTES = 128;

  private final PlainSession session;
  private final ByteString id;
  private final Message message;
  private @Nullable WeirException failure;

  PlainMessage(PlainSession session, ByteString id, Message message) {
    this.session = session;
    this.id = id;
    this.message = message;
  }

  ByteString id() {
    return id;
  }

  Message message() {
    return message;
  }

  int weight() {
    return OVERHEAD_BYTES + message.body().length();
  }

  /// Why it was not stored, or null when it is durable; only after the outcome.
  @Nullable WeirException failure() {
    return failure;
  }

  @Override
  public void stored(
      String stream,
      int partition,
      long baseOffset,
      boolean isDuplicate,
      long commitMicros,
      long queueMicros) {
    session.onOutcome(this);
  }

  @Override
  public void failed(WeirException cause) {
    failure = cause;
    session.onOutcome(this);
  }
}
