package dev.weir.gateway.grpc;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.PresenceChange;
import dev.weir.broker.PresenceView;
import dev.weir.broker.PresenceWatch;
import dev.weir.broker.PresenceWatcher;
import dev.weir.proto.v1.WatchPresenceRequest;
import dev.weir.proto.v1.WatchPresenceResponse;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/// One `Watch` call of presence. A client that does not read is told so once some changes wait for
/// it, and begins again with what it has seen.
///
/// Threads: gRPC's own opens and cancels, `weir-presence` tells.
final class WatchCall implements PresenceWatcher {
  /// Beyond the transport: 1 MiB of the largest.
  private static final int MAX_UNREAD = 256;

  private final ServerCallStreamObserver<WatchPresenceResponse> responses;
  private final CallOutput<WatchPresenceResponse> output;
  private final String origin = CallOrigin.current();

  // Of `weir-presence`.
  private int unread;

  private volatile @Nullable PresenceWatch watch;

  WatchCall(ServerCallStreamObserver<WatchPresenceResponse> responses) {
    this.responses = responses;
    this.output = new CallOutput<>(responses);
    responses.setOnCancelHandler(() -> {
      if (output.cancel()) {
        leave();
      }
    });
  }

  void open(Broker broker, WatchPresenceRequest request) {
    try {
      PresenceWatch open = broker.presence().watch(request.getTopic(), request.getSince(), this);
      watch = open;
      if (output.isEnded()) {
        open.close();
      }
    } catch (WeirException e) {
      ended(e);
    }
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public void began(PresenceView view) {
    send(WatchPresenceResponse.newBuilder().setView(PresenceWords.view(view)).build());
  }

  @Override
  public void changed(PresenceChange change) {
    send(WatchPresenceResponse.newBuilder().setChange(PresenceWords.change(change)).build());
  }

  private void send(WatchPresenceResponse response) {
    unread = responses.isReady() ? 0 : unread + 1;
    if (unread <= MAX_UNREAD) {
      output.say(response);
    } else {
      ended(
          new WeirException(
              ErrorCode.OVERLOADED,
              "Changes of presence are not read; watch again from the last."));
    }
  }

  @Override
  public void ended(WeirException cause) {
    WatchPresenceResponse last =
        WatchPresenceResponse.newBuilder().setFailed(Failures.of(cause)).build();
    if (output.end(last)) {
      leave();
    }
  }

  private void leave() {
    PresenceWatch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
