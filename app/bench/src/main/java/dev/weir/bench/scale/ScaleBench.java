package dev.weir.bench.scale;

import dev.weir.bench.BenchFiles;
import dev.weir.bench.BenchReport;
import dev.weir.bench.MachineLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The sizes that a hub is to carry, one after the other, each in processes and a directory of its
/// own. One thread runs it.
public final class ScaleBench {
  private final ScaleOptions options;
  private final Consumer<String> say;

  /// @param say told in words what runs now
  public ScaleBench(ScaleOptions options, Consumer<String> say) {
    this.options = options;
    this.say = say;
  }

  public ScaleReport run() throws IOException, InterruptedException {
    Map<String, String> machine = BenchReport.machine();
    machine.put("share", options.share() + " %");
    List<ScaleFigure> figures = new ArrayList<>();
    for (ScaleCase what : options.sizes()) {
      say.accept(what.label() + ", " + MachineLoad.now());
      Path directory = Files.createTempDirectory(options.directory(), "scale");
      try {
        figures.addAll(
            switch (what) {
              case TOPICS -> new TopicsScale(options).run();
              case SUBSCRIBERS -> new SubscribersScale(options, directory).run();
              case SOCKETS -> new SocketsScale(options, directory).run();
              case QUEUE_10M -> new QueueScale(options, directory).run();
            });
      } finally {
        BenchFiles.deleteAll(directory);
      }
    }
    machine.put("loadAfter", MachineLoad.now().toString());
    return new ScaleReport(figures, machine);
  }
}
