package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Deliveries;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.DeliveryListener;
import dev.weir.edge.source.InFlightBytes;
import dev.weir.edge.source.Intake;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceMeter;
import dev.weir.message.Message;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One target and what is made of its pages. Used by one thread; [#scrape] blocks.
///
/// A page is judged as a whole before any of it is handed over, then copied body by body, so that
/// no more than the page and 64 KiB of it are held. Of each body becomes a message:
///
/// | of the message | is |
/// |---|---|
/// | key | the instance, so that a target's bodies keep their order |
/// | headers | `job`, `instance` |
/// | content type | `text/plain; version=0.0.4` |
/// | time | of the scrape |
///
/// A failed scrape leaves `up 0` and no other sample of the target. There are no staleness markers:
/// a NaN's bits cannot be written as text. Who needs them makes them of `up 0`, and of series that
/// the next body of the same instance and later time no longer has.
final class ScrapeTarget {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4";

  private final URI target;
  private final String instance;
  private final ScrapeConfig config;
  private final ScrapeFetch fetch;
  private final InFlightBytes inFlight;
  private final Intake intake;
  private final Clock clock;
  private final SourceMeter meter;
  private boolean isEnded;

  ScrapeTarget(
      URI target,
      ScrapeConfig config,
      ScrapeFetch fetch,
      InFlightBytes inFlight,
      SourceContext context,
      SourceMeter meter) {
    this.target = target;
    this.instance = instance(target);
    this.config = config;
    this.fetch = fetch;
    this.inFlight = inFlight;
    this.intake = context.pulled();
    this.clock = context.clock();
    this.meter = meter;
  }

  /// Host and port, as Prometheus names an instance.
  private static String instance(URI target) {
    int known = "https".equals(target.getScheme()) ? 443 : 80;
    return target.getHost() + ":" + (target.getPort() < 0 ? known : target.getPort());
  }

  /// Scrapes once and hands over what came of it.
  ///
  /// @return false when the intake was closed
  boolean scrape() throws InterruptedException {
    long startNanos = clock.nanoTime();
    long timeMicros = clock.epochMicros();
    ScrapeBodies bodies =
        new ScrapeBodies(
            instance, config.job(), timeMicros / 1000, body -> deliver(body, timeMicros));
    int sampleCount = 0;
    boolean isUp = false;
    long elapsedNanos = 0;
    try (InFlightBytes.Reservation reservation = inFlight.reserve(0)) {
      ScrapeFetch.Page page = fetch.get(target, reservation);
      sampleCount = Exposition.check(page.text(), page.isOpenMetrics());
      elapsedNanos = clock.nanoTime() - startNanos;
      copy(page, bodies);
      isUp = true;
    } catch (WeirException e) {
      elapsedNanos = clock.nanoTime() - startNanos;
      failed(e);
    }
    bodies.add("up", isUp ? "1" : "0");
    bodies.add("scrape_duration_seconds", String.format(Locale.ROOT, "%.6f", elapsedNanos / 1e9));
    bodies.add("scrape_samples_scraped", Integer.toString(sampleCount));
    bodies.flush();
    return !isEnded;
  }

  private static void copy(ScrapeFetch.Page page, ScrapeBodies bodies) throws InterruptedException {
    Exposition lines = new Exposition(page.text(), page.isOpenMetrics());
    while (lines.next()) {
      bodies.add(lines);
    }
  }

  private void failed(WeirException cause) {
    meter.refused();
    meter.fault(
        switch (cause.code()) {
          case MALFORMED -> SourceFault.MALFORMED;
          case TOO_LARGE -> SourceFault.OVERSIZE;
          default -> SourceFault.CONNECTION_FAILED;
        });
    meter.detail(target + ": " + cause.code().label() + ": " + cause.getMessage());
  }

  private void deliver(Bytes body, long timeMicros) throws InterruptedException {
    Message message =
        Message.of(config.topic(), body)
            .withTimeMicros(timeMicros)
            .withKey(Bytes.utf8(instance))
            .withContentType(CONTENT_TYPE)
            .withHeaders(Map.of("instance", instance, "job", config.job()));
    isEnded |=
        !Deliveries.put(
            intake, meter, Delivery.of(List.of(message), Map.of(), DeliveryListener.NONE));
  }
}
