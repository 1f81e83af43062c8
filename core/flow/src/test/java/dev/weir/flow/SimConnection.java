package dev.weir.flow;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// One connection between a [SimSender] and a [SimReceiver]: two queues in order, and a cut that
/// loses what is in them.
final class SimConnection {
  /// What travels to the server.
  sealed interface Request {
    record Hello() implements Request {}

    record Bye() implements Request {}

    record Frame(long sequence, long bytes, boolean isLoss) implements Request {}
  }

  /// What travels to the client.
  sealed interface Response {
    record Welcome(long durable, long creditBytes) implements Response {}

    record Ack(long durable) implements Response {}

    record Nack(SenderEvent kind, long sequence) implements Response {}

    record Grant(long limitBytes) implements Response {}

    /// A go-away or reject that carries nothing else.
    record Notice(SenderEvent kind) implements Response {}
  }

  private final Deque<Request> requests = new ArrayDeque<>();
  private final Deque<Response> responses = new ArrayDeque<>();
  private boolean isCut;
  private boolean isTampered;

  void send(Request request) {
    if (!isCut) {
      requests.addLast(request);
    }
  }

  void send(Response response) {
    if (!isCut) {
      responses.addLast(response);
    }
  }

  Optional<Request> nextRequest() {
    return Optional.ofNullable(requests.pollFirst());
  }

  Optional<Response> nextResponse() {
    return Optional.ofNullable(responses.pollFirst());
  }

  /// Loses the next frame on its way, as only a faulty client would.
  void dropFrame() {
    if (requests.peekFirst() instanceof Request.Frame) {
      isTampered = true;
      requests.removeFirst();
    }
  }

  /// Repeats the next frame on its way, as only a faulty client would.
  void repeatFrame() {
    if (requests.peekFirst() instanceof Request.Frame frame) {
      isTampered = true;
      requests.addFirst(frame);
    }
  }

  /// Ends the connection; what the server sent before may still arrive, what it received not.
  void cut() {
    isCut = true;
    requests.clear();
  }

  /// Ends the connection from the client's side in order: what it sent before still arrives.
  void hangUp() {
    isCut = true;
    responses.clear();
  }

  /// Sends what only a faulty client would.
  void forge(Request request) {
    isTampered = true;
    send(request);
  }

  /// Puts words into the server's mouth.
  void forge(Response response) {
    isTampered = true;
    send(response);
  }

  /// Whether one side may see what an honest peer on an intact connection never shows.
  boolean isTampered() {
    return isTampered;
  }

  boolean isCut() {
    return isCut;
  }

  boolean isQuiet() {
    return requests.isEmpty() && responses.isEmpty();
  }
}
