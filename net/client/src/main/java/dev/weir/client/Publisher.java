package dev.weir.client;

import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.flow.WindowMode;
import dev.weir.link.GrpcTransport;
import dev.weir.link.LinkClient;
import dev.weir.link.LinkClientConfig;
import dev.weir.link.LinkState;
import dev.weir.link.LinkStats;
import dev.weir.message.BatchSource;
import dev.weir.message.Message;
import dev.weir.message.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes messages over one acked stream. Messages of one thread keep their order, across
/// reconnects too, and each is stored once; each accepted one is completed exactly once, with its
/// receipt or with a [WeirException].
///
/// Any number of threads may publish. See [Outbox] for how batches come about.
public final class Publisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

  private final PublisherOptions options;
  private final Clock clock;
  private final Part part;
  private final Outbox outbox;
  private final LinkClient link;
  private final Consumer<Publisher> onClosed;

  /// The link, for its own thread, which may run before the constructor is through.
  private volatile @Nullable LinkClient started;

  /// Why the core lets this client in no more.
  private volatile @Nullable WeirException refusal;

  /// Logins that were refused since the last one that was not; owned by the link's thread.
  private int refusedLogins;

  private boolean wasReady;

  private final AtomicBoolean isClosed = new AtomicBoolean();

  Publisher(
      ClientConfig client,
      PublisherOptions options,
      Clock clock,
      RandomGenerator random,
      GrpcTransport transport,
      Executor callbacks,
      Consumer<Publisher> onClosed) {
    this.options = options;
    this.clock = clock;
    this.part = new Part("publisher", client.states());
    this.onClosed = onClosed;
    this.outbox = new Outbox(options, new Settlements(callbacks));
    LinkClientConfig config =
        LinkClientConfig.of(client.targets(), new BatchSource(client.name(), incarnation(random)))
            .withWindow(WindowMode.FIXED, options.windowBytes())
            .withSoftware("weir-client")
            .withTls(client.tls());
    this.link = LinkClient.start(config, List.of(outbox), clock, random, this::onState, transport);
    started = link;
    if (refusal != null) {
      link.close();
    }
  }

  /// This publisher and no other, ever: with the sequence of a batch it is its identity.
  private static long incarnation(RandomGenerator random) {
    long drawn = random.nextLong();
    return drawn == 0 ? 1 : drawn;
  }

  /// Publishes and waits until the message is durable.
  ///
  /// @throws WeirException with WINDOW_FULL or TOO_LARGE when it was not accepted; with the
  ///   server's code when it will never be stored; with CONNECTION_LOST when its fate is unknown
  ///   because the publisher was closed
  public Receipt publish(Message message) {
    Pending pending = new Pending(true);
    accept(message, pending);
    try {
      return pending.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof WeirException cause
          ? new WeirException(cause.code(), String.valueOf(cause.getMessage()), cause)
          : new WeirException(ErrorCode.BUG, String.valueOf(e.getMessage()), e);
    }
  }

  /// Publishes; the future completes once the message is durable, on a thread of the client, in
  /// order. A message that is not accepted fails its future at once.
  ///
  /// Waits for room under [WhenFull#BLOCK].
  public CompletableFuture<Receipt> publishAsync(Message message) {
    Pending pending = new Pending(false);
    try {
      accept(message, pending);
    } catch (WeirException e) {
      pending.completeExceptionally(e);
    }
    return pending;
  }

  /// Publishes without a receipt of its own: [#flush] tells whether everything was stored.
  ///
  /// @throws WeirException with WINDOW_FULL or TOO_LARGE when it was not accepted
  public void send(Message message) {
    accept(message, null);
  }

  private void accept(Message message, @Nullable Pending pending) {
    if (message.body().length() > options.maxBody().bytes()) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The body has "
              + message.body().length()
              + " bytes, at most "
              + options.maxBody().bytes()
              + ".");
    }
    Message stamped =
        message.timeMicros() == 0 ? message.withTimeMicros(clock.epochMicros()) : message;
    if (outbox.add(stamped, pending)) {
      link.wake();
    }
  }

  /// Waits until everything accepted before is settled, or the time has passed; the totals tell
  /// which.
  public PublisherTotals flush(Duration timeout) {
    try {
      outbox.await(timeout.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return outbox.totals();
  }

  public PublisherTotals totals() {
    return outbox.totals();
  }

  /// How the stream to the core does.
  public LinkStats link() {
    return link.stats();
  }

  /// Takes no more messages, waits for the acks of those accepted for the drain time, ends the
  /// stream and fails what was not acked. Later calls return the same totals.
  public PublisherTotals drain() {
    if (isClosed.compareAndSet(false, true)) {
      outbox.refuseMore(new WeirException(ErrorCode.CONNECTION_LOST, "The publisher is closed."));
      link.drain(options.drain());
      link.close();
      outbox.abandon(
          new WeirException(
              ErrorCode.CONNECTION_LOST,
              "The publisher was closed before the ack came; the message may be stored."));
      onClosed.accept(this);
    }
    return outbox.totals();
  }

  /// As [#drain]; tells the log when something was not acked.
  @Override
  public void close() {
    boolean wasOpen = !isClosed.get();
    long failedBefore = outbox.totals().failed();
    PublisherTotals totals = drain();
    if (wasOpen && totals.failed() > failedBefore) {
      LOG.warn("{} messages were not acked before the end", totals.failed() - failedBefore);
    }
  }

  private void onState(LinkState state) {
    ClientState told =
        switch (state) {
          case LinkState.Connecting _ -> new ClientState.Connecting();
          case LinkState.Ready _ -> ready();
          case LinkState.BackingOff(
                  String reason,
                  @Nullable WeirException refused,
                  Duration delay) ->
              lost(reason, refused, delay);
          case LinkState.SentAway(String reason, Duration delay) ->
              new ClientState.Reconnecting(reason, delay);
          case LinkState.Draining _ -> new ClientState.Draining();
          case LinkState.Halted(ErrorCode code, String detail) -> halted(code, detail);
          case LinkState.Closed _ -> closed();
        };
    part.tell(told);
  }

  private ClientState ready() {
    wasReady = true;
    refusedLogins = 0;
    return new ClientState.Ready();
  }

  /// A login that is refused would be refused again: who publishes is told at once. One that was
  /// let in before tries once more, since its token may be another by then.
  private ClientState lost(String reason, @Nullable WeirException refused, Duration delay) {
    boolean isLogin = refused != null && Refusals.isLogin(refused.code());
    refusedLogins = isLogin ? refusedLogins + 1 : 0;
    if (refused != null && refusedLogins >= (wasReady ? 2 : 1)) {
      refusal = refused;
      outbox.refuseMore(refused);
      LinkClient open = started;
      if (open != null) {
        open.close();
      }
    }
    return new ClientState.Reconnecting(reason, delay);
  }

  private ClientState closed() {
    WeirException refused = refusal;
    return refused == null
        ? new ClientState.Closed()
        : halted(refused.code(), String.valueOf(refused.getMessage()));
  }

  /// On the link's thread, which will not ask for frames again: what is held has no future.
  private ClientState halted(ErrorCode code, String detail) {
    outbox.abandon(new WeirException(code, detail));
    return new ClientState.Halted(code, detail);
  }
}
