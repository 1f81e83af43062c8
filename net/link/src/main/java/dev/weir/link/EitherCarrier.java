package dev.weir.link;

import dev.weir.base.WeirException;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Wire, or gRPC where wire does not come through.
///
/// Wire goes first. When something answers at the address and no agreement comes of it (a core
/// without wire, a proxy that speaks HTTP only, silence for the time of a handshake), gRPC is tried
/// in the same attempt. If that comes up, the target is dialed by gRPC at once for a while (see
/// [Ways]). Nothing is sent over wire before both ends have agreed, so nothing can be sent twice.
final class EitherCarrier implements Carrier {
  private final Ways ways;
  private final String address;
  private final CarrierListener listener;
  private final Function<CarrierListener, Carrier> grpc;
  private final WireCarrier wire;
  private volatile Carrier current;
  private volatile boolean isGivenUp;

  private EitherCarrier(
      Ways ways,
      String address,
      CarrierListener listener,
      Function<CarrierListener, WireCarrier> wire,
      Function<CarrierListener, Carrier> grpc) {
    this.ways = ways;
    this.address = address;
    this.listener = listener;
    this.grpc = grpc;
    this.wire = wire.apply(new OverWire());
    this.current = this.wire;
  }

  /// @param address what is remembered about
  static Carrier make(
      Ways ways,
      String address,
      CarrierListener listener,
      Function<CarrierListener, WireCarrier> wire,
      Function<CarrierListener, Carrier> grpc) {
    return ways.isGrpcBetter(address)
        ? grpc.apply(new OverGrpc(ways, address, listener))
        : new EitherCarrier(ways, address, listener, wire, grpc);
  }

  @Override
  public void begin() {
    wire.begin();
  }

  @Override
  public boolean isReady() {
    return current.isReady();
  }

  @Override
  public void send(Request request) {
    current.send(request);
  }

  @Override
  public void onTaken(long cost) {
    current.onTaken(cost);
  }

  @Override
  public long receivedBytes() {
    return current.receivedBytes();
  }

  @Override
  public void finish() {
    isGivenUp = true;
    current.finish();
  }

  @Override
  public void abort(String reason) {
    isGivenUp = true;
    current.abort(reason);
  }

  @Override
  public void leave() {
    current.leave();
  }

  /// Wire did not come through; on an event loop.
  private void fallBack() {
    Carrier next = grpc.apply(new OverGrpc(ways, address, listener));
    current = next; // Before it begins, so that what it tells is answered by it.
    next.begin();
    if (isGivenUp) {
      next.abort("The link has gone on.");
    }
  }

  /// Hears of wire, on its event loop or where it could not even begin.
  private final class OverWire implements CarrierListener {
    private final AtomicBoolean isOver = new AtomicBoolean();
    private boolean isUp;

    @Override
    public void onReady() {
      isUp = true;
      listener.onReady();
    }

    @Override
    public void onResponse(Response response, long cost) {
      listener.onResponse(response, cost);
    }

    @Override
    public void onDown(String reason, @Nullable WeirException refusal) {
      if (isOver.getAndSet(true)) {
        return;
      }
      if (isUp && wire.isUnserved()) {
        ways.preferGrpc(address);
      }
      if (isUp || isGivenUp || !wire.isReached()) {
        listener.onDown(reason, refusal);
      } else {
        fallBack();
      }
    }
  }

  /// Hears of gRPC: whether it is worth remembering.
  private static final class OverGrpc implements CarrierListener {
    private final Ways ways;
    private final String address;
    private final CarrierListener listener;
    private boolean isUp;

    OverGrpc(Ways ways, String address, CarrierListener listener) {
      this.ways = ways;
      this.address = address;
      this.listener = listener;
    }

    @Override
    public void onReady() {
      if (!isUp) {
        isUp = true;
        ways.preferGrpc(address);
      }
      listener.onReady();
    }

    @Override
    public void onResponse(Response response, long cost) {
      listener.onResponse(response, cost);
    }

    @Override
    public void onDown(String reason, @Nullable WeirException refusal) {
      if (!isUp) {
        ways.forget(address);
      }
      listener.onDown(reason, refusal);
    }
  }
}
