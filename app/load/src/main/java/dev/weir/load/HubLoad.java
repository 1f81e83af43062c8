package dev.weir.load;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// Makes the load of a bench in a process of its own: answers each [HubPlan] with its [HubFigures].
/// `end` closes what is open and is answered with `ended`; the next plan opens anew.
public final class HubLoad {
  private static final String END = "end";

  private HubLoad() {}

  /// Opens a hub.
  @FunctionalInterface
  public interface Door {
    /// @param port on loopback
    Hub open(int port) throws Exception;
  }

  /// Returns when nobody asks any more. A question is `PORT PLAN…`, or `end`.
  public static void serve(Door door) throws IOException {
    Opened opened = new Opened(door);
    AtomicLong runs = new AtomicLong(System.nanoTime());
    try {
      ChildTalk.serve(
          "load",
          words -> {
            if (words.getFirst().equals(END)) {
              opened.close();
              return "ended";
            }
            Hub hub = opened.at(Integer.parseInt(words.getFirst()));
            HubPlan plan = HubPlan.parse(words.subList(1, words.size()));
            return new HubRun(plan, HubRun.PATIENCE)
                .run(hub, "bench-" + runs.incrementAndGet())
                .words();
          });
    } finally {
      opened.close();
    }
  }

  /// The hub at hand. Owned by the thread that answers.
  private static final class Opened {
    private final Door door;
    private Hub hub = new Nobody();
    private int port;

    Opened(Door door) {
      this.door = door;
    }

    Hub at(int wanted) throws Exception {
      if (wanted != port) {
        close();
        hub = door.open(wanted);
        port = wanted;
      }
      return hub;
    }

    void close() {
      hub.close();
      hub = new Nobody();
      port = 0;
    }
  }

  /// Before the first question.
  private static final class Nobody implements Hub {
    @Override
    public Route fanOut(String name, int readers, Reader reader) {
      throw new IllegalStateException("no hub is open");
    }

    @Override
    public Route queue(String name, int readers, Reader reader) {
      throw new IllegalStateException("no hub is open");
    }

    @Override
    public void close() {}
  }
}
