package dev.weir.edge.uplink;

import dev.weir.base.Clock;
import dev.weir.link.DictionaryListener;
import dev.weir.link.DictionaryOffer;
import dev.weir.link.LaneSources;
import dev.weir.link.LinkClient;
import dev.weir.link.LinkClientConfig;
import dev.weir.link.LinkListener;
import dev.weir.link.LinkStats;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// An uplink over net/link: one connection to one core at a time, to the next one of the list when
/// that fails. Threads are those of [LinkClient].
public final class LinkUplink implements Uplink {
  private final LinkClient client;
  private final DictionaryRelay dictionaries;
  private final AtomicBoolean isStopped = new AtomicBoolean();

  private LinkUplink(LinkClient client, DictionaryRelay dictionaries) {
    this.client = client;
    this.dictionaries = dictionaries;
  }

  /// How an edge starts its uplink.
  ///
  /// @param random for the jitter of reconnects; a generator of its own
  public static Starter starter(
      UplinkConfig config, Clock clock, RandomGenerator random, LinkListener listener) {
    return (source, lanes) -> start(config, source, lanes, clock, random, listener);
  }

  private static LinkUplink start(
      UplinkConfig config,
      BatchSource source,
      LaneSources lanes,
      Clock clock,
      RandomGenerator random,
      LinkListener listener) {
    LinkClientConfig linkConfig =
        LinkClientConfig.of(config.targets(), source)
            .withWindow(config.windowMode(), config.window())
            .withHeartbeat(config.heartbeat())
            .withSoftware(config.software())
            .withBackfillPercent(config.backfillPercent())
            .withTls(config.tls());
    DictionaryRelay dictionaries = new DictionaryRelay();
    LinkClient client =
        LinkClient.start(
            linkConfig, lanes, clock, random, listener, dictionaries, config.authorization());
    return new LinkUplink(client, dictionaries);
  }

  @Override
  public void wake() {
    client.wake();
  }

  @Override
  public LinkStats stats() {
    return client.stats();
  }

  @Override
  public void listen(DictionaryListener listener) {
    dictionaries.target(listener);
  }

  @Override
  public void offer(Dictionary dictionary, String dataClass) {
    client.offer(dictionary, dataClass);
  }

  @Override
  public void fetch(DictionaryOffer offer) {
    client.fetch(offer);
  }

  @Override
  public boolean drain(Duration deadline) {
    isStopped.set(true);
    return client.drain(deadline);
  }

  @Override
  public void close() {
    if (isStopped.compareAndSet(false, true)) {
      client.close();
    }
  }
}
