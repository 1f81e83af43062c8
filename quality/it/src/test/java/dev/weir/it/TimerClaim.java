package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.Clock;
import dev.weir.client.ConsumeOptions;
import dev.weir.client.DeadLetter;
import dev.weir.client.DeadLetter.Reason;
import dev.weir.client.HeldMessage;
import dev.weir.client.QueueConfig;
import dev.weir.client.QueueConsumer;
import dev.weir.client.QueuedMessage;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A queue of delayed tasks: none comes before its time, none is lost, and what is rejected stands
/// among the dead, once.
final class TimerClaim extends Claim {
  private static final String QUEUE = "mix.timers";
  private static final String DEAD = "mix.timers.dead";
  private static final int MAX_DELAY_MILLIS = 4_000;

  private final TaskLedger ledger = new TaskLedger();
  private final WeirClient client;
  private final WebDoors web;
  private final RandomGenerator random;
  private final BitSet dead = new BitSet();
  private @Nullable QueueConsumer consumer;

  TimerClaim(WeirClient client, WebDoors web, long seed) {
    super("timers");
    this.client = client;
    this.web = web;
    random = Seeds.random("TimerClaim", seed);
    addSender(new Asker(random.nextLong()));
    addSender(new Poster(random.nextLong()));
  }

  @Override
  void start() {
    client.queues().create(QueueConfig.of(DEAD));
    client
        .queues()
        .create(
            QueueConfig.of(QUEUE)
                .withDeadLetter(DEAD)
                .withRetry(Duration.ofMinutes(5), 0, Duration.ofMillis(1), Duration.ofMillis(20)));
    consumer =
        client
            .queues()
            .consume(
                ConsumeOptions.of(QUEUE).withHandlers(4).withPrefetch(16).settledByHand(),
                this::handle);
    super.start();
  }

  /// `task NUMBER DELAY …`
  private static String body(int number, int delayMillis) {
    return "task " + number + " " + delayMillis;
  }

  private void handle(HeldMessage held) {
    long nowMicros = Clock.SYSTEM.epochMicros();
    QueuedMessage queued = held.queued();
    String[] words = held.text().split(" ", -1);
    int number = Integer.parseInt(words[1]);
    long dueMicros =
        queued.storedMicros() + TimeUnit.MILLISECONDS.toMicros(Integer.parseInt(words[2]));
    ledger.delivered(number).ifPresent(this::fault);
    if (nowMicros < dueMicros) {
      fault("task %d came %,d us before its time".formatted(number, dueMicros - nowMicros));
    }
    RandomGenerator choice = ThreadLocalRandom.current();
    switch (choice.nextInt(16)) {
      case 0 -> settle(held, number, false);
      case 1, 2 -> {
        var _ = held.nack(Duration.ofMillis(choice.nextInt(1, 300)));
      }
      default -> settle(held, number, true);
    }
  }

  private void settle(HeldMessage held, int number, boolean isAck) {
    ledger.settling(number, isAck);
    var _ =
        (isAck ? held.ack() : held.reject())
            .thenRun(() -> {
              ledger.settled(number, isAck);
              move();
            });
  }

  /// Publishes to the queue by gRPC, many at a time; under ids of the client's own.
  private final class Asker extends Load {
    private final RandomGenerator choice;

    Asker(long seed) {
      super("timers-grpc");
      choice = Seeds.random("Asker", seed);
    }

    @Override
    void step() {
      int number = ledger.issue();
      int delay = choice.nextInt(4) == 0 ? 0 : choice.nextInt(1, MAX_DELAY_MILLIS);
      Message message =
          Message.of(QUEUE, body(number, delay))
              .withDelay(Duration.ofMillis(delay))
              .withPriority(choice.nextInt(10));
      var _ = client.queues().publishAsync(QUEUE, message).thenRun(() -> ledger.promised(number));
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(10);
    }

    @Override
    void end() {
      eventually("tasks have receipts", PATIENCE, () -> ledger.unpromised() <= 1);
    }
  }

  /// Posts to the queue, again until it is told that the task is stored.
  private final class Poster extends Load {
    private final RandomGenerator choice;

    Poster(long seed) {
      super("timers-rest");
      choice = Seeds.random("Poster", seed);
    }

    @Override
    void step() throws InterruptedException {
      int number = ledger.issue();
      int delay = choice.nextInt(1, MAX_DELAY_MILLIS);
      web.insist(
          "POST",
          "/v1/queues/" + QUEUE + "/messages",
          body(number, delay),
          "Weir-Delay",
          delay + "ms",
          "Idempotency-Key",
          "task-" + number);
      ledger.promised(number);
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(25);
    }
  }

  @Override
  void drain() {
    await("every task has its promise", () -> ledger.unpromised() == 0);
    await("every task was dealt with", () -> client.queues().figures(QUEUE).length() == 0);
  }

  @Override
  void audit(List<StoredMessage> stored) {
    BitSet lost = ledger.lost();
    if (!lost.isEmpty()) {
      fault("lost: " + lost);
    }
    QueueConsumer undertaker = client.queues().consume(ConsumeOptions.of(DEAD), this::bury);
    try (undertaker) {
      await("the dead are read", () -> client.queues().figures(DEAD).length() == 0);
    }
    synchronized (dead) {
      ledger.dead(dead).ifPresent(this::fault);
    }
    long length = client.queues().figures(QUEUE).length();
    if (length > 0) {
      fault(length + " tasks came back after a kill");
    }
  }

  private void bury(HeldMessage held) {
    int number = Integer.parseInt(held.text().split(" ", -1)[1]);
    Optional<DeadLetter> letter = held.queued().dead();
    if (letter.map(DeadLetter::reason).orElse(Reason.OTHER) != Reason.REJECTED) {
      fault("task " + number + " is among the dead as " + letter);
    }
    synchronized (dead) {
      if (dead.get(number)) {
        fault("task " + number + " is dead twice");
      }
      dead.set(number);
    }
  }

  @Override
  String told() {
    return "%,d tasks, %,d rejected".formatted(ledger.issued(), ledger.rejections());
  }

  @Override
  public void close() {
    super.close();
    QueueConsumer open = consumer;
    if (open != null) {
      open.close();
    }
  }
}
