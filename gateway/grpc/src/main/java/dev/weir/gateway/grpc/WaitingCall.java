package dev.weir.gateway.grpc;

import io.grpc.ServerCall;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A call whose client is not known yet. It has asked for no message, so that none comes until it
/// begins; beginning asks for some, which may come before it returns and are kept as long, as its
/// end is. Owned by the call's event loop.
final class WaitingCall<A> extends ServerCall.Listener<A> {
  private ServerCall.@Nullable Listener<A> begun;
  private final ArrayDeque<A> early = new ArrayDeque<>();
  private boolean isHalfClosed;
  private boolean isReady;
  private boolean isOver;

  boolean isOver() {
    return isOver;
  }

  void refuse() {
    isOver = true;
  }

  void begin(ServerCall.Listener<A> call) {
    begun = call;
    if (isReady) {
      call.onReady();
    }
    while (!early.isEmpty()) {
      call.onMessage(early.remove());
    }
    if (isHalfClosed) {
      call.onHalfClose();
    }
    if (isOver) {
      call.onCancel();
    }
  }

  @Override
  public void onMessage(A message) {
    if (begun != null) {
      begun.onMessage(message);
    } else {
      early.add(message);
    }
  }

  @Override
  public void onHalfClose() {
    isHalfClosed = true;
    if (begun != null) {
      begun.onHalfClose();
    }
  }

  @Override
  public void onCancel() {
    isOver = true;
    if (begun != null) {
      begun.onCancel();
    }
  }

  @Override
  public void onComplete() {
    isOver = true;
    if (begun != null) {
      begun.onComplete();
    }
  }

  @Override
  public void onReady() {
    isReady = true;
    if (begun != null) {
      begun.onReady();
    }
  }
}
