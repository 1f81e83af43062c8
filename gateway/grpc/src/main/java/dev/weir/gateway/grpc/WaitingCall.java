package dev.weir.gateway.grpc;

import io.grpc.ServerCall;
import org.jspecify.annotations.Nullable;

/// A call whose client is not known yet. It has asked for no message, so all that can come is its
/// end, which is kept for the call that begins. Owned by the call's event loop.
final class WaitingCall<A> extends ServerCall.Listener<A> {
  private ServerCall.@Nullable Listener<A> begun;
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
    if (isHalfClosed) {
      call.onHalfClose();
    }
  }

  @Override
  public void onMessage(A message) {
    if (begun != null) {
      begun.onMessage(message);
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
