package dev.weir.wire;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes down what happens to a stream, and to calls. The count comes last: who waits for it finds
/// the rest.
final class Recorder implements StreamHandler, ReplyHandler {
  final List<String> events = new CopyOnWriteArrayList<>();
  final AtomicInteger messages = new AtomicInteger();
  final AtomicLong bytes = new AtomicLong();
  final AtomicInteger readies = new AtomicInteger();
  final List<WireStatus> ends = new CopyOnWriteArrayList<>();
  private @Nullable BiConsumer<WireStream, MessageView> reaction;

  private boolean isEnding;

  /// Does this with each message, on the loop.
  Recorder reacting(BiConsumer<WireStream, MessageView> with) {
    reaction = with;
    return this;
  }

  /// Ends its side when the peer has ended its own.
  Recorder ending() {
    isEnding = true;
    return this;
  }

  @Override
  public void onAccepted(WireStream stream, Metadata metadata) {
    events.add("accepted " + text(metadata));
  }

  @Override
  public void onMessage(WireStream stream, MessageView message) {
    bytes.addAndGet(message.bodyBytes());
    if (message.bodyBytes() < 100) {
      events.add("message " + message.text());
    }
    messages.incrementAndGet();
    if (reaction != null) {
      reaction.accept(stream, message);
    }
  }

  @Override
  public void onCancelled(WireStream stream, int mid) {
    events.add("cancelled " + mid);
  }

  @Override
  public void onEnd(WireStream stream) {
    events.add("end");
    if (isEnding) {
      stream.end();
    }
  }

  @Override
  public void onReady(WireStream stream) {
    readies.incrementAndGet();
  }

  @Override
  public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {
    events.add("closed " + status.code() + " " + status.detail() + text(trailers));
    ends.add(status);
  }

  @Override
  public void onReply(MessageView reply) {
    bytes.addAndGet(reply.bodyBytes());
    events.add("reply " + (reply.bodyBytes() < 100 ? reply.text() : reply.bodyBytes()));
    messages.incrementAndGet();
  }

  @Override
  public void onFailure(int mid, WireStatus status) {
    events.add("failure " + status.code() + " " + status.detail());
    ends.add(status);
  }

  private static String text(Metadata metadata) {
    StringBuilder text = new StringBuilder();
    metadata.entries().forEach(e -> text.append(e.name()).append('=').append(e.value().utf8()));
    return text.toString();
  }
}
