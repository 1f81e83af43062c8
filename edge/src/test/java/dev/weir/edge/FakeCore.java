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
import dev.weir.link.LaneSources;
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
  private final ConcurrentHashMap<LaneId, TreeMap<Long, List<Message>>> stored =
      new ConcurrentHashMap<>();
  private volatile boolean isUp = true;

  private record LaneId(BatchSource source, int lane) {}

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
  public Uplink start(BatchSource source, LaneSources lanes) {
    return new Session(source, lanes);
  }

  private final class Session implements Uplink {
    private final BatchSource source;
    private final LaneSources lanes;
    private final SteppedThread thread;
    private volatile boolean isSettled;

    Session(BatchSource source, LaneSources lanes) {
      this.source = source;
      this.lanes = lanes;
      this.thread = SteppedThread.virtual("weir-fake-core", this::step, () -> 1_000_000);
      thread.start();
    }

    private boolean step() {
      if (!isUp) {
        return false;
      }
      boolean hasDone = false;
      boolean hasAll = true;
      for (LaneSource lane : lanes.current().all()) {
        hasDone |= take(lane);
        hasAll &= lane.firstUnacked() == lane.nextSequence();
      }
      isSettled = hasAll;
      return hasDone;
    }

    private boolean take(LaneSource lane) {
      Map<Long, List<Message>> frames =
          stored.computeIfAbsent(new LaneId(source, lane.lane()), _ -> new TreeMap<>());
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
          new LaneSettlement(
              lane.lane(), sequence - 1, Durability.DURABLE, "main", 0, new long[0], 0, 0));
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
      isSettled = false;
      thread.wake();
      Eventually.eventually("everything is acked", deadline, () -> isSettled);
      return true;
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
