package dev.weir.gateway.web.rest;

import dev.weir.base.WeirException;
import dev.weir.broker.Delivery;
import dev.weir.broker.GapReason;
import dev.weir.broker.Subscriber;
import dev.weir.gateway.web.json.CursorTrack;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.MessageJson;
import dev.weir.message.Cursor;
import dev.weir.message.Message;
import dev.weir.message.Position;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A page of history while it fills: messages and gaps until there are enough, it is large enough,
/// or the end is reached. Filled by the subscription's thread, awaited by the request's; the latch
/// hands it over.
final class Page implements Subscriber {
  /// A page is cut behind the message that makes it so large.
  private static final int ENOUGH_BYTES = 1 << 20;

  private final int maxMessages;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final JsonText json = new JsonText();

  // Written by the subscription's thread, read behind the latch.
  private @Nullable CursorTrack track;
  private @Nullable Cursor next;
  private @Nullable WeirException failure;
  private int count;
  private boolean isAtEnd;
  private boolean isFull;

  Page(int maxMessages) {
    this.maxMessages = maxMessages;
    json.beginObject().beginArray("messages");
  }

  /// @return false when it was not ready in time
  boolean await(Duration limit) throws InterruptedException {
    return ready.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// The finished document; its last member names where the next page begins.
  ///
  /// @throws WeirException what the subscription failed with
  JsonText finish() {
    if (failure != null) {
      throw failure;
    }
    json.endArray();
    Cursor behind = next;
    if (behind != null) {
      json.put("next", behind.token());
    }
    return json.put("atEnd", isAtEnd).endObject();
  }

  /// Where the next page begins.
  Optional<Cursor> next() {
    return Optional.ofNullable(next);
  }

  @Override
  public void opened(Cursor cursor) {
    track = new CursorTrack(cursor);
    next = cursor;
  }

  @Override
  public void deliver(Delivery delivery) {
    CursorTrack at = track;
    if (at == null || isFull) {
      return;
    }
    List<Message> messages = delivery.messages();
    String stream = delivery.base().stream();
    int partition = delivery.base().partition();
    for (int i = 0; i < messages.size() && !isFull; i++) {
      long offset = delivery.offset(i);
      Cursor behind =
          at.moveTo(
              stream, partition, i == messages.size() - 1 ? delivery.nextOffset() : offset + 1);
      json.beginObject();
      MessageJson.write(
          json,
          messages.get(i),
          new Position(stream, partition, offset),
          delivery.storedMicros(),
          Optional.of(behind));
      json.endObject();
      next = behind;
      count++;
      isFull = count == maxMessages || json.length() >= ENOUGH_BYTES;
    }
    if (isFull) {
      ready.countDown();
    }
  }

  /// A gap stands among the messages, in its place.
  @Override
  public void gap(Position from, long toOffset, GapReason reason) {
    CursorTrack at = track;
    if (at == null || isFull) {
      return;
    }
    Cursor behind = at.moveTo(from.stream(), from.partition(), toOffset);
    json.beginObject()
        .beginObject("gap")
        .put("from", from.toString())
        .put("to", toOffset)
        .put("reason", reason.name().toLowerCase(Locale.ROOT))
        .endObject()
        .put("cursor", behind.token())
        .endObject();
    next = behind;
  }

  @Override
  public void endReached(Cursor cursor) {
    if (!isFull) {
      isAtEnd = true;
      next = cursor;
      ready.countDown();
    }
  }

  @Override
  public void failed(WeirException cause) {
    if (!isFull) {
      failure = cause;
      ready.countDown();
    }
  }
}
