package dev.weir.edge.encoding;

import dev.weir.link.DictionaryListener;
import dev.weir.link.DictionaryOffer;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds dictionaries for the classes of data.
///
/// Problem: a dictionary costs bytes and work, and gains much on some data and nothing on other.
/// Idea: believe only batches that it was not trained on, encoded as they are in use.
///
/// ```
///            enough samples, gain ≥ 5 %          core: accepted
///  GATHERING ─────────────────────────▶ OFFERED ────────────────▶ IN_USE
///   ▲  ▲ │                                 │ refused                 │ ratio fell by 15 %
///   │  │ └─ too little gain ─▶ RESTING ◀───┘                         │
///   │  └──────── 10 min, doubled ─┘                                  │
///   └────────────────────────────────────────────────────────────────┘ (goes on with the old one)
/// ```
///
/// While a class gathers, what the core has from other edges for the same class is fetched, judged
/// first, and used at once if it gains: the core has it already. So an edge that restarts gets its
/// own dictionary back.
///
/// Stepped by one thread on which nothing waits (`weir-encoding`); the listener's methods run on
/// the link's thread.
final class DictionaryTraining implements DictionaryListener {
  private static final Logger LOG = LoggerFactory.getLogger(DictionaryTraining.class);

  private static final int MAX_DOUBLINGS = 5;

  /// Offers of the fleet looked at in an edge's life; a fleet has few classes.
  private static final int MAX_TRIED = 256;

  /// With less than the ideal number of samples, this many times as long is waited for more.
  private static final int PATIENCE = 4;

  private final AdaptiveEncoder encoder;
  private final TrainingLimits limits;
  private final DictionaryExchange exchange;
  private final Map<Integer, DataClass> waiting = new ConcurrentHashMap<>();
  private final Map<Integer, DataClass> fetching = new ConcurrentHashMap<>();
  private final Set<Integer> tried = new HashSet<>();
  private final AtomicLong trained = new AtomicLong();
  private final AtomicLong adopted = new AtomicLong();
  private final AtomicLong declined = new AtomicLong();
  private volatile List<DictionaryOffer> fleet = List.of();
  private volatile long nowNanos;

  DictionaryTraining(AdaptiveEncoder encoder, TrainingLimits limits, DictionaryExchange exchange) {
    this.encoder = encoder;
    this.limits = limits;
    this.exchange = exchange;
  }

  /// Does what is due for every class; takes seconds when one is trained.
  void step(long newNowNanos) {
    nowNanos = newNowNanos;
    for (DataClass dataClass : encoder.classes()) {
      switch (dataClass.phase()) {
        case GATHERING -> gather(dataClass);
        case OFFERED -> {} // A core answers some day; meanwhile all goes on as before.
        case IN_USE -> {
          if (dataClass.hasDecayed()) {
            LOG.info("the dictionary of {} gains less than it did", dataClass.name());
            gatherAgain(dataClass);
          }
        }
        case RESTING -> {
          if (age(dataClass) >= restNanos(dataClass)) {
            gatherAgain(dataClass);
          }
        }
      }
    }
  }

  private long age(DataClass dataClass) {
    return nowNanos - dataClass.phaseNanos();
  }

  private long restNanos(DataClass dataClass) {
    return limits.rest().toNanos() << Math.clamp(dataClass.failures() - 1, 0, MAX_DOUBLINGS);
  }

  private void gatherAgain(DataClass dataClass) {
    dataClass.samples().clear();
    dataClass.go(DataClass.Phase.GATHERING, nowNanos);
  }

  private void gather(DataClass dataClass) {
    askFleet(dataClass);
    if (tryCandidate(dataClass)) {
      return;
    }
    long gatherNanos = limits.gather().toNanos();
    boolean isReady =
        dataClass.samples().isFull()
            ? age(dataClass) >= gatherNanos
            : dataClass.samples().isEnough() && age(dataClass) >= PATIENCE * gatherNanos;
    if (isReady) {
      train(dataClass);
    }
  }

  private void askFleet(DataClass dataClass) {
    for (DictionaryOffer offer : fleet) {
      boolean isNews =
          offer.dataClass().equals(dataClass.name())
              && dataClass.dictionary().isEmpty()
              && tried.size() < MAX_TRIED
              && tried.add(offer.id());
      if (isNews) {
        fetching.put(offer.id(), dataClass);
        exchange.fetch(offer);
      }
    }
  }

  /// @return whether another edge's dictionary was taken
  private boolean tryCandidate(DataClass dataClass) {
    Optional<Dictionary> candidate = dataClass.candidate();
    if (candidate.isEmpty() || !dataClass.samples().canJudge()) {
      return false;
    }
    dataClass.candidate(null);
    Holdout holdout = holdout(dataClass);
    if (holdout.ratio(candidate) < Holdout.LEAST_GAIN * holdout.ratio(Optional.empty())) {
      declined.incrementAndGet();
      return false;
    }
    adopt(dataClass, candidate.get());
    return true;
  }

  private Holdout holdout(DataClass dataClass) {
    return new Holdout(dataClass.samples().holdout(), encoder.zstdLevel());
  }

  private void train(DataClass dataClass) {
    Optional<Dictionary> fresh =
        DictionaryTrainer.train(
            dataClass.samples().training(), limits.dictionaryBytes(), encoder.zstdLevel());
    trained.addAndGet(fresh.isPresent() ? 1 : 0);
    Holdout holdout = holdout(dataClass);
    double plain = holdout.ratio(Optional.empty());
    Optional<Dictionary> current = dataClass.dictionary();
    double inUse = current.isPresent() ? holdout.ratio(current) : plain;
    double gained = fresh.isPresent() ? holdout.ratio(fresh) : 0;
    dataClass.samples().clear();
    if (fresh.isPresent() && gained >= Holdout.LEAST_GAIN * Math.max(plain, inUse)) {
      LOG.info(
          "a dictionary for {} compresses {} times instead of {}",
          dataClass.name(),
          "%.2f".formatted(gained),
          "%.2f".formatted(inUse));
      waiting.put(fresh.get().id(), dataClass);
      dataClass.go(DataClass.Phase.OFFERED, nowNanos);
      exchange.offer(fresh.get(), dataClass.name());
      return;
    }
    declined.incrementAndGet();
    keepOrRest(dataClass, inUse >= Holdout.LEAST_GAIN * plain ? current : Optional.empty());
  }

  /// The data changed, and nothing better was found than what is in use, or than none.
  private void keepOrRest(DataClass dataClass, Optional<Dictionary> best) {
    dataClass.use(best.orElse(null));
    dataClass.go(best.isPresent() ? DataClass.Phase.IN_USE : DataClass.Phase.RESTING, nowNanos);
  }

  private void adopt(DataClass dataClass, Dictionary dictionary) {
    adopted.incrementAndGet();
    dataClass.samples().clear();
    dataClass.use(dictionary);
    dataClass.go(DataClass.Phase.IN_USE, nowNanos);
  }

  @Override
  public void accepted(Dictionary dictionary) {
    @Nullable DataClass dataClass = waiting.remove(dictionary.id());
    if (dataClass != null) {
      adopt(dataClass, dictionary);
    }
  }

  @Override
  public void refused(Dictionary dictionary, String detail) {
    @Nullable DataClass dataClass = waiting.remove(dictionary.id());
    if (dataClass != null) {
      declined.incrementAndGet();
      dataClass.go(DataClass.Phase.RESTING, nowNanos);
    }
  }

  @Override
  public void offered(List<DictionaryOffer> offers) {
    fleet = List.copyOf(offers);
  }

  @Override
  public void fetched(Dictionary dictionary) {
    @Nullable DataClass dataClass = fetching.remove(dictionary.id());
    if (dataClass != null) {
      dataClass.candidate(dictionary);
    }
  }

  EncodingStats stats() {
    return new EncodingStats(
        encoder.zstdLevel(),
        encoder.rawBytes(),
        encoder.encodedBytes(),
        trained.get(),
        adopted.get(),
        declined.get(),
        encoder.classes().stream().map(DataClass::stats).toList());
  }
}
