package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One attempt at one core, whatever carries it.
///
/// Owned by the link's duty thread, which alone sends and closes. The carrier's callbacks run on an
/// event loop and only post events. What they may post is bounded: the responses that the duty
/// thread has not taken, one writable, one down.
final class Connection {
  private final URI target;
  private final Carrier carrier;
  private final Callbacks callbacks;
  private long sentBytes;
  private boolean isUp;

  private Connection(URI target, Mailbox<LinkEvent> mailbox, Function<Callbacks, Carrier> opening) {
    this.target = target;
    this.callbacks = new Callbacks(this, mailbox);
    this.carrier = opening.apply(callbacks);
  }

  /// Begins to connect; [LinkEvent.Writable] tells that it is up, [LinkEvent.Down] that it is not.
  static Connection open(Carriers carriers, URI target, Mailbox<LinkEvent> mailbox) {
    Connection connection =
        new Connection(target, mailbox, callbacks -> carriers.make(target, callbacks));
    connection.carrier.begin();
    return connection;
  }

  URI target() {
    return target;
  }

  /// Notes that the transport is connected.
  ///
  /// @return whether that is news
  boolean onWritable() {
    callbacks.isWritablePosted.set(false);
    boolean isNews = !isUp;
    isUp = true;
    return isNews;
  }

  /// Notes that a response was dealt with.
  void onTaken(long cost) {
    carrier.onTaken(cost);
  }

  /// Whether little waits to be sent. Heartbeats and such go out regardless.
  boolean isReady() {
    return carrier.isReady();
  }

  void send(Request request) {
    sentBytes += request.getSerializedSize();
    carrier.send(request);
  }

  /// Bytes of messages sent so far.
  long sentBytes() {
    return sentBytes;
  }

  /// Bytes of messages received so far, parts included.
  long receivedBytes() {
    return carrier.receivedBytes();
  }

  /// Ends in order: what was sent still goes out.
  void finish() {
    carrier.finish();
  }

  /// Cuts the connection.
  void abort(String reason) {
    carrier.abort(reason);
  }

  /// Waits a moment for the goodbye of [#finish] to be taken, then cuts what is left.
  void leave() {
    carrier.leave();
  }

  private static final class Callbacks implements CarrierListener {
    private final Connection connection;
    private final Mailbox<LinkEvent> mailbox;
    private final AtomicBoolean isWritablePosted = new AtomicBoolean();
    private final AtomicBoolean isDown = new AtomicBoolean();

    Callbacks(Connection connection, Mailbox<LinkEvent> mailbox) {
      this.connection = connection;
      this.mailbox = mailbox;
    }

    @Override
    public void onReady() {
      if (!isWritablePosted.getAndSet(true)) {
        mailbox.post(new LinkEvent.Writable(connection));
      }
    }

    @Override
    public void onResponse(Response response, long cost) {
      mailbox.post(new LinkEvent.Received(connection, response, cost));
    }

    @Override
    public void onDown(String reason, @Nullable WeirException refusal) {
      if (!isDown.getAndSet(true)) {
        mailbox.post(new LinkEvent.Down(connection, reason, refusal));
      }
    }
  }
}
