package dev.weir.bench.scale;

import dev.weir.wire.MemoryBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this process holds.
///
/// @param heap bytes that are reachable
/// @param direct bytes of Netty's buffers, of every protocol
/// @param resident bytes, as Linux counts them; 0 where it does not
record Memory(long heap, long direct, long resident) {
  static Memory now() throws IOException {
    return new Memory(usedHeap(), MemoryBudget.bufferBytes(), residentNow());
  }

  /// After collecting what is not reachable.
  static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc(); // What the first leaves to be finalised the last takes.
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long residentNow() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }

  /// As a line between processes.
  String words() {
    return heap + " " + direct + " " + resident;
  }

  static Memory parse(String words) {
    String[] parts = words.split(" ", -1);
    return new Memory(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
  }
}
