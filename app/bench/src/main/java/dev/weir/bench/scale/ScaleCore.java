package dev.weir.bench.scale;

import dev.weir.base.Clock;
import dev.weir.bench.TalkingChild;
import dev.weir.bench.ship.EdgeConfigs;
import dev.weir.load.ChildTalk;
import dev.weir.log.FileDisk;
import dev.weir.node.CoreNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A core in a process of its own that tells what it holds: answers `memory`, and `pauses` since it
/// was asked before.
///
///     ScaleCore DATA_DIRECTORY STREAMS
public final class ScaleCore {
  private ScaleCore() {}

  /// Starts one.
  ///
  /// @param flags of its JVM, such as `-Xmx1g`
  /// @param streams of the web that may be open at once
  static TalkingChild start(List<String> java, List<String> flags, Path data, int streams)
      throws IOException {
    List<String> words = new ArrayList<>(java);
    words.addAll(1, flags);
    words.addAll(List.of(ScaleCore.class.getName(), data.toString(), Integer.toString(streams)));
    return TalkingChild.start(words);
  }

  public static void main(String[] arguments) throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.dataDir", arguments[0]);
    settings.put("server.listen", "127.0.0.1:0");
    settings.put("server.web.streams", arguments[1]);
    settings.put("server.limits.connections", "100000");
    settings.put("server.limits.connectionsPerAddress", "100000");
    settings.put("server.limits.connectionsPerSecond", "100000");
    settings.put("store.retention.freeDiskFloor", "0B");
    try (CoreNode core =
        CoreNode.start(EdgeConfigs.of(settings), "bench", new FileDisk(), Clock.SYSTEM)) {
      PauseWatch watch = PauseWatch.start();
      ChildTalk.serve(
          core.address().toString(),
          words -> words.getFirst().equals("pauses") ? watch.take().words() : Memory.now().words());
    }
  }
}
