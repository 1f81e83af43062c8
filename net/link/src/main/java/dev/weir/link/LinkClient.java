package dev.weir.link;

import dev.weir.base.Clock;
import dev.weir.flow.ByteWindow;
import dev.weir.flow.FlowCounters;
import dev.weir.flow.Reconnect;
import dev.weir.message.Dictionary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The sending end of a link: keeps a session with one core, over one connection after another, and
/// moves the frames of its lanes until each is acked as durable.
///
/// Any thread may call it. One duty thread, `weir-link-AGENT`, does the work; the transport's event
/// loop, `weir-io-AGENT-1`, only posts to it.
public final class LinkClient implements AutoCloseable {
  /// What callbacks of a connection may post before the duty thread takes any of it: gRPC's block
  /// of responses, or wire's window of 64 KiB full of the smallest (20 bytes with their header),
  /// and two more.
  private static final int MAILBOX_EVENTS = 4096;

  private final GrpcTransport transport;
  private final boolean ownsTransport;
  private final Mailbox<LinkEvent> mailbox = new Mailbox<>(MAILBOX_EVENTS);
  private final LinkDuty duty;
  private final Thread thread;
  private final Clock clock;

  private LinkClient(
      LinkClientConfig config,
      LaneSources lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener,
      DictionaryListener dictionaryListener,
      GrpcTransport transport,
      boolean ownsTransport) {
    this.transport = transport;
    this.ownsTransport = ownsTransport;
    this.clock = clock;
    FlowCounters flowCounters = new FlowCounters();
    LinkCounters counters = new LinkCounters();
    ByteWindow window =
        new ByteWindow(config.windowMode().window(config.window().bytes(), flowCounters));
    SenderLanes senderLanes = new SenderLanes(lanes, config.backfillPercent());
    SenderDictionaries dictionaries = new SenderDictionaries(counters, dictionaryListener);
    Transmitter transmitter = new Transmitter(senderLanes, window, counters, dictionaries);
    Reconnect reconnect = new Reconnect(config.backoff(), random, flowCounters.reconnect());
    LinkSender sender =
        new LinkSender(
            config,
            clock,
            new Carriers(config, transport, clock),
            mailbox,
            listener,
            flowCounters,
            reconnect,
            transmitter,
            counters);
    CoreAnswers answers = new CoreAnswers(sender, transmitter, counters, clock);
    LinkPulse pulse = new LinkPulse(config.source().agent(), window, counters, clock.nanoTime());
    this.duty = new LinkDuty(mailbox, clock, sender, answers, transmitter, counters, pulse);
    this.thread =
        Thread.ofPlatform().name("weir-link-" + config.source().agent()).daemon().unstarted(duty);
  }

  /// Starts a link with event loops of its own.
  ///
  /// @param lanes at least one; each has a number of its own, which is never used again
  /// @param random for the jitter of reconnects; used on the duty thread only
  /// @param dictionaryListener told about dictionaries, see [#offer]
  public static LinkClient start(
      LinkClientConfig config,
      LaneSources lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener,
      DictionaryListener dictionaryListener) {
    return start(config, lanes, clock, random, listener, dictionaryListener, Optional.empty());
  }

  /// Starts a link with event loops of its own that says at each connection who it is. Over wire
  /// that is not said: a core that asks for it takes links over gRPC.
  ///
  /// @param authorization what is shown, asked anew for each stream: `Bearer TOKEN`
  public static LinkClient start(
      LinkClientConfig config,
      LaneSources lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener,
      DictionaryListener dictionaryListener,
      Optional<Supplier<String>> authorization) {
    GrpcTransport transport = GrpcTransport.start(config.source().agent(), 1);
    authorization.ifPresent(transport::authorize);
    return start(config, lanes, clock, random, listener, dictionaryListener, transport, true);
  }

  /// Starts a link with event loops of its own and lanes that stay as they are.
  ///
  /// @param lanes at least one, each with a number of its own
  /// @param random for the jitter of reconnects; used on the duty thread only
  public static LinkClient start(
      LinkClientConfig config,
      List<LaneSource> lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener) {
    return start(config, LaneSources.of(lanes), clock, random, listener, DictionaryListener.NONE);
  }

  /// Starts a link on event loops that others use too; they are not closed with it.
  public static LinkClient start(
      LinkClientConfig config,
      List<LaneSource> lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener,
      GrpcTransport transport) {
    LaneSources sources = LaneSources.of(lanes);
    DictionaryListener ignoring = DictionaryListener.NONE;
    return start(config, sources, clock, random, listener, ignoring, transport, false);
  }

  private static LinkClient start(
      LinkClientConfig config,
      LaneSources lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener,
      DictionaryListener dictionaryListener,
      GrpcTransport transport,
      boolean ownsTransport) {
    LinkClient client =
        new LinkClient(
            config, lanes, clock, random, listener, dictionaryListener, transport, ownsTransport);
    client.thread.start();
    return client;
  }

  /// Says that a source may have new frames; cheap, and never waits.
  public void wake() {
    mailbox.nudge();
  }

  /// Publishes a dictionary, with this core or the next; the listener is told once it may be used.
  /// It is offered again with each session until it is answered.
  ///
  /// @param dataClass what it was trained on, for the fleet: at most 85 characters, may be empty
  public void offer(Dictionary dictionary, String dataClass) {
    mailbox.post(new LinkEvent.Offer(dictionary, dataClass));
  }

  /// Asks for a dictionary that the core offered; nothing comes when the core has it no more.
  public void fetch(DictionaryOffer offer) {
    mailbox.post(new LinkEvent.Fetch(offer));
  }

  /// The link as it stood at most a few milliseconds ago.
  public LinkStats stats() {
    return duty.stats();
  }

  /// Sends everything that the sources have, waits until it is acked, and ends the link; gives up
  /// after a time. The caller has stopped adding frames.
  ///
  /// @return whether everything was acked
  public boolean drain(Duration deadline) {
    stop(clock.nanoTime() + deadline.toNanos());
    return duty.ended().getCount() == 0 && duty.isSettled();
  }

  /// Ends the link now: says goodbye, and leaves what is unacked to the sources. Idempotent.
  @Override
  public void close() {
    stop(clock.nanoTime());
  }

  private void stop(long deadlineNanos) {
    mailbox.post(new LinkEvent.Stop(deadlineNanos));
    if (thread.equals(Thread.currentThread())) {
      return;
    }
    try {
      duty.ended().await();
      thread.join();
    } catch (InterruptedException e) {
      mailbox.post(new LinkEvent.Stop(clock.nanoTime()));
      Thread.currentThread().interrupt();
    }
    if (ownsTransport) {
      transport.close();
    }
  }
}
