package dev.weir.bench;

import dev.weir.base.ByteSize;
import dev.weir.base.Checks;
import java.nio.file.Path;
import java.util.List;

/// What `weir bench publish` measures.
///
/// @param directory where the core keeps its data; on the disk to be judged
/// @param coreCommand starts a core; `--data DIR --listen 127.0.0.1:0` is added
/// @param messageSize bytes of each body, 1 B to 1 MiB
/// @param runs how often the whole is measured, 1 to 50
/// @param seconds how long each row of a run lasts, 1 to 600
/// @param zstdLevel compression of batches, 0 for none; bodies are random bytes, which do not
///   compress
public record PublishOptions(
    Path directory,
    List<String> coreCommand,
    ByteSize messageSize,
    int runs,
    int seconds,
    int zstdLevel) {
  public PublishOptions {
    coreCommand = List.copyOf(coreCommand);
    Checks.range("message size", messageSize.bytes(), 1, 1 << 20);
    Checks.range("runs", runs, 1, 50);
    Checks.range("seconds", seconds, 1, 600);
    Checks.range("zstdLevel", zstdLevel, 0, 19);
  }
}
