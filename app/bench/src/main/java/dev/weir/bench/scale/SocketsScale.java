package dev.weir.bench.scale;

import dev.weir.bench.TalkingChild;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// What WebSockets that say nothing cost a core. Half of them are opened first, so that what a core
/// allocates once is not counted; all of them stay open, pings are answered.
final class SocketsScale {
  private static final int SOCKETS = 10_000;
  private static final double MAX_BYTES = 25 * 1024;

  /// Twice what is looked at, and some that come and go.
  private static final int STREAMS = 25_000;

  private final ScaleOptions options;
  private final Path directory;

  SocketsScale(ScaleOptions options, Path directory) {
    this.options = options;
    this.directory = directory;
  }

  List<ScaleFigure> run() throws IOException {
    int sockets = options.of(SOCKETS);
    try (TalkingChild core =
            ScaleCore.start(options.java(), List.of("-Xmx1g"), directory, STREAMS);
        IdleSockets idle = new IdleSockets(core.ready())) {
      idle.open(Math.max(1, sockets / 10));
      Memory before = Memory.parse(core.ask("memory"));
      long start = System.nanoTime();
      idle.open(sockets);
      double seconds = (System.nanoTime() - start) / 1e9;
      Memory after = Memory.parse(core.ask("memory"));
      double heap = (after.heap() - before.heap()) / (double) sockets;
      double direct = (after.direct() - before.direct()) / (double) sockets;
      double resident = (after.resident() - before.resident()) / (double) sockets;
      return List.of(
          new ScaleFigure(
              ScaleCase.SOCKETS, "heap and buffers of one", heap + direct, "B", MAX_BYTES),
          ScaleFigure.of(ScaleCase.SOCKETS, "heap of one", heap, "B"),
          ScaleFigure.of(ScaleCase.SOCKETS, "resident memory of one", resident, "B"),
          ScaleFigure.of(ScaleCase.SOCKETS, "opened", sockets / seconds, "sockets/s"),
          new ScaleFigure(ScaleCase.SOCKETS, "lost", idle.lost(), "sockets", Double.MIN_VALUE),
          ScaleFigure.of(ScaleCase.SOCKETS, "sockets", sockets, ""));
    }
  }
}
