package dev.weir.tls;

import dev.weir.base.Clock;
import dev.weir.base.WeirException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether key files were changed, takes those that fit, and warns before a certificate ends.
///
/// Files are read rather than watched: they are small, and those that are replaced through a link
/// (as orchestrators do) or on another machine's disk tell a watcher nothing. A certificate and its
/// key are replaced one after the other: what is seen in between does not fit, is refused with a
/// warning, and the pair is taken at the next look.
///
/// The thread `weir-keys` looks; any thread may ask for the figures.
public final class KeyWatch implements AutoCloseable {
  /// 2 s: well below what a person waits who has replaced a certificate, and next to no work.
  public static final Duration STANDARD_PERIOD = Duration.ofSeconds(2);

  /// 14 days: half of what is left when renewals of 90 days are due, so that one of them failed.
  private static final long WARN_MICROS = 14 * 86_400_000_000L;

  private static final long WARN_AGAIN_NANOS = 86_400_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

  private final List<PemFiles> files;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-keys").factory());
  private long takenCount;
  private long refusedCount;
  private boolean isCurrent = true;
  private boolean hasWarned;
  private long warnedNanos;

  private KeyWatch(List<PemFiles> files, Clock clock) {
    this.files = List.copyOf(files);
    this.clock = clock;
  }

  /// Begins to look; with no files it does nothing.
  ///
  /// @param period between two looks, 1 ms to 1 h
  public static KeyWatch start(List<PemFiles> files, Clock clock, Duration period) {
    KeyWatch watch = new KeyWatch(files, clock);
    if (!files.isEmpty()) {
      var _ =
          watch.timer.scheduleWithFixedDelay(
              watch::look, 0, period.toMillis(), TimeUnit.MILLISECONDS);
    }
    return watch;
  }

  /// Looks once. Also called by whoever knows of a change.
  public synchronized void look() {
    for (PemFiles each : files) {
      try {
        if (each.refreshIfChanged()) {
          takenCount++;
          isCurrent = true;
          LOG.info(
              "TLS uses the changed files {}{}",
              each,
              each.certificate().map(this::end).orElse(""));
        }
      } catch (WeirException e) {
        refusedCount++;
        isCurrent = false;
        LOG.warn("{} What was read before stays in force.", e.getMessage());
      }
    }
    warn();
  }

  private String end(X509Certificate certificate) {
    return ", until " + certificate.getNotAfter().toInstant();
  }

  private void warn() {
    Optional<Instant> end = notAfter();
    if (end.isEmpty() || (hasWarned && clock.nanoTime() - warnedNanos < WARN_AGAIN_NANOS)) {
      return;
    }
    long leftMicros = end.get().getEpochSecond() * 1_000_000 - clock.epochMicros();
    if (leftMicros < WARN_MICROS) {
      hasWarned = true;
      warnedNanos = clock.nanoTime();
      LOG.warn(
          "The certificate {} on {}: clients refuse it from then on; replace its file, it is read"
              + " again by itself.",
          leftMicros < 0 ? "ended" : "ends",
          end.get());
    }
  }

  /// The figures now.
  public synchronized KeyStats stats() {
    return new KeyStats(takenCount, refusedCount, isCurrent, notAfter());
  }

  private Optional<Instant> notAfter() {
    return files.stream()
        .flatMap(each -> each.certificate().stream())
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo);
  }

  /// Looks no more. Idempotent.
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
