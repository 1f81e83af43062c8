package dev.weir.gateway.web.live;

import dev.weir.base.WeirException;
import dev.weir.broker.IncomingRequest;
import dev.weir.broker.Requests;
import dev.weir.broker.Responder;
import dev.weir.broker.Responding;
import dev.weir.gateway.web.http.WebCounters;
import dev.weir.message.Message;
import dev.weir.message.TopicFilter;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A socket as somebody who answers requests. What it has in hand when it leaves is lost, and who
/// asked is told so. A reader that stands still is handed nothing more, so that requests go to
/// others.
///
/// Threads: those of askers deliver; the socket's replies.
final class SocketResponder implements Responder {
  private final String id;
  private final SocketWriter writer;
  private final WebCounters counters;
  private final SocketValve valve;
  private final Runnable onEnd;
  private volatile @Nullable Responding responding;

  /// @param waiting runs what waits for room
  /// @param onEnd called when it may not answer any more
  SocketResponder(
      String id,
      int capacity,
      SocketWriter writer,
      WebCounters counters,
      Executor waiting,
      Runnable onEnd) {
    this.id = id;
    this.writer = writer;
    this.counters = counters;
    this.valve = new SocketValve(writer, capacity, waiting);
    this.onEnd = onEnd;
  }

  /// Begins; without room until its client knows.
  void open(Requests requests, TopicFilter filter) {
    Responding opened = requests.respond(filter, 0, this);
    responding = opened;
    writer.send(writer.words().serving(id, filter.toString()));
    valve.open(opened::capacity);
  }

  @Override
  public String origin() {
    return writer.outlet().origin();
  }

  @Override
  public void deliver(IncomingRequest request) {
    writer.send(writer.words().request(id, request));
    counters.delivered(1);
    valve.passed();
  }

  @Override
  public void ended(WeirException cause) {
    onEnd.run();
    writer.send(writer.words().error(id, "", cause));
  }

  /// A reply that comes too late is passed over: its asker knows already.
  ///
  /// @throws WeirException with TOO_LARGE
  void reply(long number, Message message) {
    Responding open = responding;
    if (open != null) {
      var _ = open.reply(number, message);
    }
  }

  void fail(long number, String detail) {
    Responding open = responding;
    if (open != null) {
      var _ = open.fail(number, detail);
    }
  }

  void close() {
    valve.close();
    Responding open = responding;
    if (open != null) {
      open.close();
    }
  }
}
