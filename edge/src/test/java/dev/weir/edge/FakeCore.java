package dev.weir.edge;

import dev.weir.edge.spool.SteppedThread;
import dev.weir.edge.uplink.Uplink;
import dev.weir.flow.LimitShares;
import dev.weir.flow.LimitedBy;
import dev.weir.flow.PathFigures;
import dev.weir.link.DictionaryListener;
import dev.weir.link.DictionaryOffer;
import dev.weir.link.LaneFrame;
import dev.weir.link.LaneSettlement;
import dev.weir.link.LaneSource;
import dev.weir.link.LinkState;
import dev.weir.link.LinkStats;
import dev.weir.message.BatchReader;
import dev.weir.message.BatchSource;
import dev.weir.message.Dictionary;
import dev.weir.message.Durability;
import dev.weir.message.Message;
import dev.weir.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A core in the same process that stores each frame once, as long as it is up. Survives the edges
/// that connect to it.
final class FakeCore implements Uplink.Starter {
  private final ConcurrentHashMap<BatchSource, TreeMap<Long, List<Message>>> stored =
      new ConcurrentHashMap<>();
  private volatile boolean isUp = true;

  void up(boolean nowUp) {
    isUp = nowUp;
  }

  List<Message> messages() {
    return stored.values().stream()
        .flatMap(frames -> {
          synchronized (frames) {
            return frames.values().stream().flatMap(List::stream).toList().stream();
          }
        })
        .toList();
  }

  List<String> bodies() {
    return messages().stream()
        .filter(message -> !message.topic().startsWith("$"))
        .map(message -> message.body().utf8())
        .toList();
  }

  @Override
  public Uplink start(BatchSource source, LaneSource lane) {
    Map<Long, List<Message>> frames = stored.computeIfAbsent(source, _ -> new TreeMap<>());
    return new Session(lane, frames);
  }

  private final class Session implements Uplink {
    private final LaneSource lane;
    private final Map<Long, List<Message>> frames;
    private final SteppedThread thread;

    Session(LaneSource lane, Map<Long, List<Message>> frames) {
      this.lane = lane;
      this.frames = frames;
      this.thread = SteppedThread.virtual("weir-fake-core", this::step, () -> 1_000_000);
      thread.start();
    }

    private boolean step() {
      if (!isUp) {
        return false;
      }
      long first = lane.firstUnacked();
      long sequence = first;
      for (LaneFrame frame = lane.peek(sequence);
          frame != null && sequence < first + 50;
          frame = lane.peek(sequence)) {
        synchronized (frames) {
          frames.putIfAbsent(sequence, BatchReader.read(Objects.requireNonNull(frame.batch())));
        }
        sequence++;
      }
      if (sequence == first) {
        return false;
      }
      lane.settled(
          new LaneSettlement(0, sequence - 1, Durability.DURABLE, "main", 0, new long[0], 0, 0));
      return true;
    }

    @Override
    public void wake() {
      thread.wake();
    }

    @Override
    public LinkStats stats() {
      return new LinkStats(
          new LinkState.Closed(),
          "",
          0,
          0,
          0,
          0,
          0,
          0,
          new PathFigures(0, 0, 0, 0),
          0,
          LimitedBy.SPOOL,
          LimitShares.NONE,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0);
    }

    @Override
    public void listen(DictionaryListener listener) {
      // This core has none to tell about.
    }

    @Override
    public void offer(Dictionary dictionary, String dataClass) {
      // Never accepted.
    }

    @Override
    public void fetch(DictionaryOffer offer) {
      // Nothing comes.
    }

    @Override
    public boolean drain(Duration deadline) {
      Eventually.eventually(
          "everything is acked", deadline, () -> lane.firstUnacked() == lane.nextSequence());
      return true;
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
