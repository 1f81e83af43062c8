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

/// A core in a process of its own that tells what it holds: answers `memory`.
///
///     ScaleCore DATA_DIRECTORY STREAMS
public final class ScaleCore {
  private ScaleCore() {}

  /// Starts one.
  ///
  /// @param heap such as `-Xmx1g`
  /// @param streams of the web that may be open at once
  static TalkingChild start(List<String> java, String heap, Path data, int streams)
      throws IOException {
    List<String> words = new ArrayList<>(java);
    words.add(1, heap);
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
      ChildTalk.serve(core.address().toString(), _ -> Memory.now().words());
    }
  }
}
