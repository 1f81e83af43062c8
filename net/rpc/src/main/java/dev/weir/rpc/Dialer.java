package dev.weir.rpc;

import dev.weir.flow.Backoff;
import dev.weir.flow.CellCounters;
import dev.weir.flow.Reconnect;
import dev.weir.flow.ReconnectMachine;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireStatus;
import io.grpc.Attributes;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.SynchronizationContext.ScheduledHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection of a channel: makes it when it is needed, makes it again after a wait, and keeps
/// the calls that wait for it.
///
/// Everything happens in one synchronization context, whoever's thread that is; what is volatile is
/// read by any thread.
final class Dialer implements Session.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Dialer.class);

  private final ChannelSettings settings;
  private final WireConnector connector;
  private final List<SocketAddress> addresses;
  private final Deque<SocketAddress> untried = new ArrayDeque<>();
  private final List<String> failures = new ArrayList<>();
  private final Reconnect reconnect;
  private final SynchronizationContext turns =
      new SynchronizationContext((_, fault) -> LOG.warn("A channel's turn failed", fault));
  private final Set<PlacedCall<?>> waiting = new LinkedHashSet<>();
  private final Set<Session> retired = new LinkedHashSet<>();
  private final List<Runnable> watchers = new ArrayList<>();
  private final List<Runnable> closers = new ArrayList<>();
  private volatile ConnectivityState state = ConnectivityState.IDLE;
  private volatile @Nullable Session ready;
  private @Nullable Session dialed;
  private @Nullable ScheduledHandle wait;
  private Status refusal = Status.UNAVAILABLE;
  private long dueNanos;
  private boolean isShutdown;

  Dialer(
      ChannelSettings settings,
      WireConnector connector,
      List<SocketAddress> addresses,
      Backoff backoff,
      RandomGenerator random) {
    this.settings = settings;
    this.connector = connector;
    this.addresses = List.copyOf(addresses);
    this.reconnect = new Reconnect(backoff, random, new CellCounters<>(ReconnectMachine.TABLE));
    this.dueNanos = settings.clock().nanoTime();
  }

  ConnectivityState state() {
    return state;
  }

  boolean isReady() {
    Session known = ready;
    return known != null && known.isOpen();
  }

  Attributes attributes() {
    Session known = ready;
    return known == null ? Attributes.EMPTY : known.attributes();
  }

  /// Gives a call the connection that is there, or makes it wait, or fails it.
  void place(PlacedCall<?> call) {
    Session known = ready;
    if (known != null && known.isOpen()) {
      call.onSession(known);
    } else {
      turns.execute(() -> placeNow(call));
    }
  }

  private void placeNow(PlacedCall<?> call) {
    Session known = ready;
    if (isShutdown) {
      call.fail(refusal);
    } else if (known != null && known.isOpen()) {
      call.onSession(known);
    } else if (state == ConnectivityState.TRANSIENT_FAILURE && !call.isWaitForReady()) {
      call.fail(refusal);
    } else if (!call.isEnded()) {
      waiting.add(call);
      connectNow();
    }
  }

  /// The call no longer waits.
  void forget(PlacedCall<?> call) {
    if (!isReady()) {
      turns.execute(() -> waiting.remove(call));
    }
  }

  void connect() {
    turns.execute(this::connectNow);
  }

  private void connectNow() {
    if (isShutdown || state != ConnectivityState.IDLE) {
      return;
    }
    become(ConnectivityState.CONNECTING);
    long nanos = dueNanos - settings.clock().nanoTime();
    if (nanos <= 0) {
      dial();
    } else {
      wait = turns.schedule(this::dial, nanos, TimeUnit.NANOSECONDS, settings.timers());
    }
  }

  private void dial() {
    wait = null;
    reconnect.onDue();
    untried.clear();
    untried.addAll(addresses);
    failures.clear();
    dialNext();
  }

  /// Tries the next of the addresses that are left.
  private void dialNext() {
    SocketAddress address = untried.removeFirst();
    Session session = new Session(this, settings.sharedMetadata());
    dialed = session;
    if (address instanceof InetSocketAddress named && named.isUnresolved()) {
      settings.blocking().execute(() -> lookUp(session, named)); // Blocks.
    } else {
      dial(session, address);
    }
  }

  /// All addresses of a name come in the place of the name.
  private void lookUp(Session session, InetSocketAddress named) {
    List<SocketAddress> found = new ArrayList<>();
    try {
      for (InetAddress each : InetAddress.getAllByName(named.getHostString())) {
        found.add(new InetSocketAddress(each, named.getPort()));
      }
    } catch (UnknownHostException _) {
      turns.execute(() -> onEnd(session, "The name " + named.getHostString() + " is not known"));
      return;
    }
    turns.execute(() -> {
      if (session == dialed) {
        found.reversed().forEach(untried::addFirst);
        dial(session, untried.removeFirst());
      }
    });
  }

  private void dial(Session session, SocketAddress found) {
    connector
        .connect(found, session)
        .whenComplete((connection, fault) -> {
          if (fault != null) {
            turns.execute(() -> onEnd(session, String.valueOf(fault.getMessage())));
          } else {
            turns.execute(() -> dropUnwanted(session));
          }
        });
  }

  private void dropUnwanted(Session session) {
    if (session != dialed && session != ready) {
      session.close();
    }
  }

  @Override
  public void onReady(Session session) {
    turns.execute(() -> {
      if (session != dialed || isShutdown || !session.isOpen()) {
        return;
      }
      reconnect.onWelcomed(settings.clock().nanoTime());
      ready = session;
      become(ConnectivityState.READY);
      List<PlacedCall<?>> due = new ArrayList<>(waiting);
      waiting.clear();
      due.forEach(call -> call.onSession(session));
    });
  }

  @Override
  public void onLost(Session session, WireStatus status) {
    turns.execute(() -> onEnd(session, status.detail()));
  }

  private void onEnd(Session session, String why) {
    retired.remove(session);
    if (session != dialed) {
      if (isShutdown) {
        closeNow();
      }
      return;
    }
    dialed = null;
    boolean wasReady = ready == session;
    ready = null;
    if (isShutdown) {
      closeNow();
      return;
    }
    if (!wasReady) {
      failures.add(why);
      if (!untried.isEmpty()) {
        dialNext();
        return;
      }
    }
    long now = settings.clock().nanoTime();
    long delayNanos = reconnect.onLost(now);
    dueNanos = now + delayNanos;
    if (wasReady) {
      become(ConnectivityState.IDLE);
      if (!waiting.isEmpty()) {
        connectNow();
      }
    } else {
      onRefused(delayNanos);
    }
  }

  private void onRefused(long delayNanos) {
    refusal =
        Status.UNAVAILABLE.withDescription(
            "No connection to " + addresses + ": " + String.join("; ", failures));
    become(ConnectivityState.TRANSIENT_FAILURE);
    wait = turns.schedule(this::afterRefusal, delayNanos, TimeUnit.NANOSECONDS, settings.timers());
    for (PlacedCall<?> call : List.copyOf(waiting)) {
      if (!call.isWaitForReady()) {
        waiting.remove(call);
        call.fail(refusal);
      }
    }
  }

  private void afterRefusal() {
    wait = null;
    become(ConnectivityState.IDLE);
    if (!waiting.isEmpty()) {
      connectNow();
    }
  }

  /// The server is about to stop: what is under way goes on, but nothing new begins there.
  void retire(Session session) {
    turns.execute(() -> {
      if (session == ready) {
        ready = null;
        dialed = null;
        retired.add(session);
        dueNanos = settings.clock().nanoTime();
        var _ = reconnect.onSentAway(dueNanos, 0);
        become(ConnectivityState.IDLE);
      }
    });
  }

  /// Ends waiting at once.
  void hurry() {
    turns.execute(() -> {
      ScheduledHandle running = wait;
      if (running == null || !running.isPending()) {
        return;
      }
      running.cancel();
      dueNanos = settings.clock().nanoTime();
      if (state == ConnectivityState.CONNECTING) {
        dial();
      } else {
        afterRefusal();
      }
    });
  }

  /// Lets go of the connection; calls on it fail.
  void enterIdle() {
    turns.execute(() -> {
      Session known = ready;
      if (known != null) {
        known.close();
      }
    });
  }

  void watch(ConnectivityState from, Runnable callback) {
    turns.execute(() -> {
      if (state != from) {
        settings.blocking().execute(callback);
      } else {
        watchers.add(callback);
      }
    });
  }

  private void become(ConnectivityState next) {
    if (state == next) {
      return;
    }
    state = next;
    List<Runnable> told = List.copyOf(watchers);
    watchers.clear();
    told.forEach(settings.blocking()::execute);
  }

  /// Fails what waits, closes the connection, and never makes another one.
  void shutdown(Status status) {
    turns.execute(() -> {
      if (isShutdown) {
        return;
      }
      isShutdown = true;
      refusal = status;
      become(ConnectivityState.SHUTDOWN);
      ScheduledHandle running = wait;
      if (running != null) {
        running.cancel();
        wait = null;
      }
      List<PlacedCall<?>> left = List.copyOf(waiting);
      waiting.clear();
      left.forEach(call -> call.fail(status));
      List.copyOf(retired).forEach(Session::close);
      Session known = dialed;
      if (known != null && known.isOpen()) {
        known.close();
      } else {
        dialed = null;
      }
      closeNow();
    });
  }

  /// Calls back once there is no connection after the shutdown.
  void whenClosed(Runnable callback) {
    turns.execute(() -> {
      closers.add(callback);
      closeNow();
    });
  }

  private void closeNow() {
    Session known = dialed;
    if (isShutdown && retired.isEmpty() && (known == null || !known.isOpen())) {
      List<Runnable> told = List.copyOf(closers);
      closers.clear();
      told.forEach(Runnable::run);
    }
  }
}
