package dev.weir.client;

import dev.weir.proto.v1.JoinRequest;
import dev.weir.proto.v1.JoinResponse;
import dev.weir.proto.v1.PresenceGrpc;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/// One `Join` call of a [Membership]. Answers come on the client's event loop.
final class JoinSession extends ClientCall.Listener<JoinResponse> implements Redial.Call {
  private final Membership membership;
  private final Dialogue<JoinRequest, JoinResponse> dialogue =
      new Dialogue<>(PresenceGrpc.getJoinMethod(), "the membership");

  // Both guarded by the membership's lock.
  private boolean isEntered;
  private long said = -1;

  JoinSession(Membership membership) {
    this.membership = membership;
  }

  @Override
  public void start(ManagedChannel channel) {
    dialogue.start(channel, this, membership.enter(this));
  }

  /// The server has answered it.
  void entered() {
    isEntered = true;
  }

  boolean isEntered() {
    return isEntered;
  }

  /// Notes that a word is said now.
  ///
  /// @return false when it was said already
  boolean saysNow(long word) {
    boolean isNew = said != word;
    said = word;
    return isNew;
  }

  void send(JoinRequest request) {
    dialogue.send(request);
  }

  /// See [Dialogue#finish].
  CompletableFuture<Void> finish() {
    return dialogue.finish();
  }

  @Override
  public void onMessage(JoinResponse response) {
    membership.onAnswer(this, response);
    dialogue.readOn();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    dialogue.closed();
    membership.onEnded(this, status, trailers);
  }

  @Override
  public void cancel() {
    dialogue.cancel();
  }
}
