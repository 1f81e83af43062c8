package dev.weir.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A client of the queues that someone else wrote, as it is published, driven by a script of this
/// module: see `python/queue_client.py`, `node/queue_client.js`.
enum ForeignClient {
  /// Debian's python3-grpcio, which has the schema from the core itself.
  PYTHON("python", "apt-get install python3-grpcio python3-protobuf") {
    @Override
    List<String> command() {
      return List.of("/usr/bin/python3", Sources.test("python/queue_client.py").toString());
    }
  },

  /// @grpc/grpc-js of the npm registry, which has the schema from the published files.
  NODE("js", "npm ci --prefix quality/it/target/node, as quality/test.sh does") {
    @Override
    List<String> command() {
      Path modules = Sources.root().resolve("quality/it/target/node/node_modules");
      Path protos = Sources.root().resolve("core/proto/src/main/protobuf");
      if (!Files.isDirectory(modules.resolve("@grpc/grpc-js"))) {
        throw new AssertionError("@grpc/grpc-js is missing: needs " + needs());
      }
      return List.of(
          "env",
          "NODE_PATH=" + modules,
          "node",
          Sources.test("node/queue_client.js").toString(),
          protos.toString());
    }
  };

  private final String label;
  private final String needs;

  ForeignClient(String label, String needs) {
    this.label = label;
    this.needs = needs;
  }

  /// What stands in front of the numbers of its messages.
  String label() {
    return label;
  }

  final String needs() {
    return needs;
  }

  /// The words that start it; address and task follow.
  abstract List<String> command();

  /// Runs it to its end.
  ///
  /// @return the lines that it printed
  /// @throws AssertionError when it fails, saying what it needs
  List<String> run(String address, String... words) {
    List<String> command = new ArrayList<>(command());
    command.add(address);
    command.addAll(List.of(words));
    Command done = Command.run(command.toArray(String[]::new));
    if (done.status() != 0) {
      throw new AssertionError(
          "%s ended with %d (needs %s):%n%s".formatted(this, done.status(), needs, done.output()));
    }
    return done.output().lines().toList();
  }
}
