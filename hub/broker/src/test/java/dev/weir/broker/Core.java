package dev.weir.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Clock;
import dev.weir.base.disk.Disk;
import dev.weir.broker.embedded.EmbeddedEngine;
import dev.weir.broker.embedded.EmbeddedEngineConfig;
import dev.weir.log.FileDisk;
import dev.weir.message.Batch;
import dev.weir.message.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// A broker over an embedded engine, for one test.
final class Core implements AutoCloseable {
  final EmbeddedEngine engine;
  final LocalBroker broker;

  Core(EmbeddedEngineConfig config, LocalBrokerConfig limits, Disk disk, Clock clock) {
    try {
      this.engine = EmbeddedEngine.open(config, disk, clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.broker = LocalBroker.open(engine, clock, limits);
  }

  static Core in(Path directory) {
    return in(EmbeddedEngineConfig.of(directory));
  }

  static Core in(EmbeddedEngineConfig config) {
    return new Core(config, LocalBrokerConfig.defaults(), new FileDisk(), Clock.SYSTEM);
  }

  Outcome offer(Batch batch) {
    return offer(PublishRequest.of(batch));
  }

  Outcome offer(Batch batch, LaneSequence identity) {
    return offer(PublishRequest.of(batch, identity));
  }

  Outcome offer(PublishRequest request) {
    Outcome outcome = new Outcome();
    assertThat(broker.offer(request, outcome)).isTrue();
    return outcome;
  }

  /// Resumes a lane.
  ///
  /// @return its last sequence
  long resume(int lane, long firstUnacked) {
    return broker
        .resumeLane(Batches.EDGE, lane, firstUnacked)
        .toCompletableFuture()
        .join()
        .sequence();
  }

  /// Publishes and waits.
  Receipt publish(Batch batch) {
    return offer(batch).receipt();
  }

  /// Reads what is stored, to the end.
  Recorder read(String filter, Start start) {
    Recorder recorder = new Recorder();
    Subscription subscription =
        broker.subscribe(SubscriptionRequest.of(filter, start).endingAtTail(), recorder);
    subscription.grant(Long.MAX_VALUE);
    recorder.awaitEnd();
    return recorder;
  }

  /// The bodies of what is stored, in order.
  List<String> bodies(String filter) {
    return read(filter, new Start.First()).bodies();
  }

  Recorder subscribe(String filter, Start start, long credit) {
    Recorder recorder = new Recorder();
    recorder.subscription(broker.subscribe(SubscriptionRequest.of(filter, start), recorder));
    recorder.subscription().grant(credit);
    recorder.awaitOpen();
    return recorder;
  }

  @Override
  public void close() {
    broker.close();
  }
}
