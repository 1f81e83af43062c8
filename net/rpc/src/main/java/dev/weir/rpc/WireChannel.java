package dev.weir.rpc;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A gRPC channel over one wire connection to one server. Any thread.
///
/// It connects when a call needs it and again after a loss, with growing waits between attempts.
/// Calls wait while it connects; when that fails they fail as UNAVAILABLE, but for those that wait
/// for ready.
public final class WireChannel extends ManagedChannel {
  private final ChannelSettings settings;
  private final Dialer dialer;
  private final Channel intercepted;
  private final Runnable onTerminated;
  private final AtomicLong calls = new AtomicLong();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile boolean isShutdown;

  WireChannel(
      ChannelSettings settings,
      Dialer dialer,
      List<ClientInterceptor> interceptors,
      Runnable onTerminated) {
    this.settings = settings;
    this.dialer = dialer;
    this.intercepted = ClientInterceptors.intercept(new Plain(), interceptors);
    this.onTerminated = onTerminated;
  }

  @Override
  public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
    return intercepted.newCall(method, options);
  }

  @Override
  public String authority() {
    return settings.authority();
  }

  /// Counts a call that begins.
  ///
  /// @return false when the channel takes none any more
  boolean enter() {
    calls.incrementAndGet();
    if (isShutdown) {
      leave();
      return false;
    }
    return true;
  }

  /// A call is over.
  void leave() {
    if (calls.decrementAndGet() == 0 && isShutdown) {
      terminate();
    }
  }

  /// Finds the call a connection, now or later, or fails it.
  void place(PlacedCall<?> call) {
    dialer.place(call);
  }

  void forget(PlacedCall<?> call) {
    dialer.forget(call);
  }

  void retire(Session session) {
    dialer.retire(session);
  }

  boolean isReady() {
    return dialer.isReady();
  }

  /// Of the connection in use, if there is one.
  Attributes attributes() {
    return dialer.attributes();
  }

  @Override
  public ConnectivityState getState(boolean isConnecting) {
    if (isConnecting && !isShutdown) {
      dialer.connect();
    }
    return dialer.state();
  }

  @Override
  public void notifyWhenStateChanged(ConnectivityState from, Runnable callback) {
    dialer.watch(from, callback);
  }

  @Override
  public void resetConnectBackoff() {
    dialer.hurry();
  }

  @Override
  public void enterIdle() {
    dialer.enterIdle();
  }

  /// Takes no more calls; those that were begun go on.
  @Override
  public WireChannel shutdown() {
    isShutdown = true;
    if (calls.get() == 0) {
      terminate();
    }
    return this;
  }

  /// Takes no more calls and fails those that were begun as UNAVAILABLE.
  @Override
  public WireChannel shutdownNow() {
    isShutdown = true;
    dialer.shutdown(Status.UNAVAILABLE.withDescription("The channel was shut down at once"));
    if (calls.get() == 0) {
      terminate();
    }
    return this;
  }

  private void terminate() {
    dialer.shutdown(Status.UNAVAILABLE.withDescription("The channel was shut down"));
    dialer.whenClosed(() -> Thread.ofVirtual().start(this::end));
  }

  private void end() {
    if (terminated.getCount() > 0) {
      onTerminated.run();
      terminated.countDown();
    }
  }

  @Override
  public boolean isShutdown() {
    return isShutdown;
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  private final class Plain extends Channel {
    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return new WireClientCall<>(WireChannel.this, settings, method, options);
    }

    @Override
    public String authority() {
      return settings.authority();
    }
  }
}
