package dev.weir.edge.source.prometheus;

import dev.weir.base.ByteSize;
import dev.weir.base.Clock;
import dev.weir.edge.source.InFlightBytes;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.SourceStats;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Scrapes Prometheus targets, each on a virtual thread of its own, `weir-source-NAME-N`.
///
/// Ack rule: a target is told nothing and keeps nothing. A page that was fetched is on disk within
/// the linger time; a crash before that loses it, and at most it. While the spool is full a target
/// is not scraped, which leaves a gap in its series.
public final class ScrapeSource implements Source {
  /// Pages in memory at once: four of the default limit, or any number of usual ones.
  private static final ByteSize IN_FLIGHT = ByteSize.ofMebibytes(64);

  private final ScrapeConfig config;
  private final Clock clock;
  private final SourceMeter meter;
  private final ExecutorService threads;
  private final HttpClient client;
  private final List<ScrapeTarget> targets = new ArrayList<>();
  private volatile boolean isClosed;

  public ScrapeSource(ScrapeConfig config, SourceContext context) {
    this.config = config;
    this.clock = context.clock();
    this.meter =
        new SourceMeter(
            config.name(),
            "scrape",
            SourceFault.MALFORMED,
            SourceFault.OVERSIZE,
            SourceFault.CONNECTION_FAILED);
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("weir-source-" + config.name() + "-", 0).factory());
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(config.timeout())
            .executor(threads)
            .build();
    ScrapeFetch fetch = new ScrapeFetch(client, config.timeout(), config.maxBody());
    long atOnce = Math.max(IN_FLIGHT.bytes(), 2 * config.maxBody().bytes());
    InFlightBytes inFlight = new InFlightBytes(new ByteSize(atOnce));
    for (URI target : config.targets()) {
      targets.add(new ScrapeTarget(target, config, fetch, inFlight, context, meter));
    }
  }

  @Override
  public String name() {
    return config.name();
  }

  @Override
  public void start() {
    meter.state(SourceState.RUNNING);
    for (int i = 0; i < targets.size(); i++) {
      ScrapeTarget target = targets.get(i);
      String address = config.targets().get(i).toString();
      threads.execute(() -> run(target, address));
    }
  }

  private void run(ScrapeTarget target, String address) {
    ScrapeSchedule schedule =
        ScrapeSchedule.of(address, TimeUnit.MILLISECONDS.toMicros(config.interval().toMillis()));
    try {
      do {
        await(schedule.delayMicros(clock.epochMicros()));
      } while (!isClosed && target.scrape());
    } catch (InterruptedException e) {
      // Closed: what was being fetched is not handed over.
    } catch (RuntimeException e) {
      meter.detail(address + ": " + e);
      meter.state(SourceState.FAILED);
    }
  }

  private void await(long micros) throws InterruptedException {
    TimeUnit.MICROSECONDS.sleep(micros);
  }

  @Override
  public SourceStats stats() {
    return meter.stats();
  }

  @Override
  public void close() {
    isClosed = true;
    meter.state(SourceState.CLOSED);
    threads.shutdownNow();
    client.shutdownNow();
  }
}
