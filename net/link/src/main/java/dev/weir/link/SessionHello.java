package dev.weir.link;

import dev.weir.base.Checks;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import dev.weir.message.RefusedFrame;
import dev.weir.message.StoredLane;
import dev.weir.proto.DictionaryHint;
import dev.weir.proto.Hello;
import dev.weir.proto.LaneDurable;
import dev.weir.proto.LaneState;
import dev.weir.proto.Nack;
import dev.weir.proto.ReceiptDurability;
import dev.weir.proto.Welcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A hello that was checked.
///
/// @param source who numbers the frames
/// @param lanes 1 to 1024, each once
record SessionHello(BatchSource source, List<Lane> lanes) {
  static final int MAX_LANES = 1024;

  /// @param firstUnacked the first sequence that the sender does not know to be durable
  record Lane(int number, long firstUnacked) {
    /// The highest sequence that counts as stored: frames come from behind it.
    long start(long durable) {
      return Math.max(durable, firstUnacked - 1);
    }
  }

  /// @throws IllegalArgumentException naming the value and what was expected
  static SessionHello parse(Hello hello) {
    Checks.range("lanes", hello.getLanesCount(), 1, MAX_LANES);
    List<Lane> lanes = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    for (LaneState lane : hello.getLanesList()) {
      int number = Checks.range("lane", lane.getLane(), 0, Integer.MAX_VALUE);
      Checks.argument(numbers.add(number), "lane " + number + " is named twice");
      long next = Checks.range("next sequence", lane.getNextSequence(), 1, Long.MAX_VALUE - 1);
      long first = Checks.range("first unacked", lane.getFirstUnacked(), 1, next);
      lanes.add(new Lane(number, first));
    }
    return new SessionHello(
        new BatchSource(hello.getAgent(), hello.getIncarnation()), List.copyOf(lanes));
  }

  /// Asks the store for each lane, all at once.
  CompletableFuture<List<StoredLane>> load(LinkStore store) {
    List<CompletableFuture<StoredLane>> answers = new ArrayList<>();
    for (Lane lane : lanes) {
      answers.add(
          store.resumeLane(source, lane.number(), lane.firstUnacked()).toCompletableFuture());
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(_ -> answers.stream().map(SessionHello::answer).toList());
  }

  private static StoredLane answer(CompletableFuture<StoredLane> stage) {
    @Nullable StoredLane stored = stage.join();
    return stored == null ? StoredLane.NONE : stored;
  }

  /// @param stored per lane, as [#load] gave it
  Welcome.Builder welcome(
      List<StoredLane> stored, ServerContext context, long session, long creditBytes) {
    LinkServerConfig config = context.config();
    Welcome.Builder welcome =
        Welcome.newBuilder()
            .setSession(session)
            .setCreditLimitBytes(creditBytes)
            .setMaxFrameBytes(config.maxFrame().intBytes())
            .setHeartbeatMillis((int) config.heartbeat().toMillis())
            .setDurability(durability(config))
            .setNode(config.node());
    for (int i = 0; i < stored.size(); i++) {
      welcome.addLanes(durable(lanes.get(i).number(), stored.get(i)));
    }
    for (LinkDictionaries.Offer offer : context.store().dictionaries().recent()) {
      Dictionary dictionary = offer.dictionary();
      welcome.addDictionaries(
          DictionaryHint.newBuilder()
              .setId(dictionary.id())
              .setSha256(FrameCodec.wrap(dictionary.sha256()))
              .setDataClass(offer.dataClass())
              .setBytes(dictionary.bytes().length()));
    }
    return welcome;
  }

  private static LaneDurable durable(int lane, StoredLane stored) {
    LaneDurable.Builder durable =
        LaneDurable.newBuilder()
            .setLane(lane)
            .setDurableSequence(stored.sequence())
            .setCrc32C(stored.crc32c());
    for (RefusedFrame frame : stored.refused()) {
      durable.addRefused(
          Nack.newBuilder()
              .setLane(lane)
              .setSequence(frame.sequence())
              .setReason(LinkStatus.refusal(frame.code()))
              .setDetail(frame.code().label() + ": " + frame.code().meaning()));
    }
    return durable.build();
  }

  private static ReceiptDurability durability(LinkServerConfig config) {
    return switch (config.durability()) {
      case RECEIVED -> ReceiptDurability.RECEIPT_DURABILITY_RECEIVED;
      case DURABLE -> ReceiptDurability.RECEIPT_DURABILITY_DURABLE;
      case REPLICATED -> ReceiptDurability.RECEIPT_DURABILITY_REPLICATED;
    };
  }
}
