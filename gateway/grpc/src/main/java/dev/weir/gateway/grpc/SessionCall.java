package dev.weir.gateway.grpc;

import dev.weir.auth.Session;
import dev.weir.auth.guard.AuthorizedBroker;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;

/// Closes a call's session with the call.
final class SessionCall<A> extends SimpleForwardingServerCallListener<A> {
  private final AuthorizedBroker broker;
  private final Session session;

  SessionCall(ServerCall.Listener<A> call, AuthorizedBroker broker, Session session) {
    super(call);
    this.broker = broker;
    this.session = session;
  }

  @Override
  public void onCancel() {
    try {
      super.onCancel();
    } finally {
      close();
    }
  }

  @Override
  public void onComplete() {
    try {
      super.onComplete();
    } finally {
      close();
    }
  }

  private void close() {
    broker.close();
    session.close();
  }
}
