package dev.weir.edge.source;

import dev.weir.base.Bytes;
import dev.weir.message.Message;
import dev.weir.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A [FileTail] over real files that is stepped by hand and can be killed after any delivery.
final class TailRig {
  final ManualClock clock = new ManualClock();
  final List<Message> stored = new ArrayList<>();
  final Map<String, Bytes> positions = new HashMap<>();
  private FileConfig config;
  private FileTail tail;
  private long deliveriesLeft = Long.MAX_VALUE;

  TailRig(FileConfig config) {
    this.config = config;
    this.tail = open();
  }

  static TailRig of(Path directory, String... globs) {
    return new TailRig(config(directory, globs));
  }

  static FileConfig config(Path directory, String... globs) {
    List<String> full = List.of(globs).stream().map(glob -> directory + "/" + glob).toList();
    return FileConfig.of("t", "logs/t", full);
  }

  /// Looks until there is nothing more to read now.
  void settle() {
    while (step()) {}
  }

  /// A second later, so that names are looked up again.
  void settleLater() {
    clock.advanceMillis(1000);
    settle();
  }

  boolean step() {
    try {
      return tail.step(clock.nanoTime());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The process dies after this many further deliveries are durable, and what came later is lost.
  void dieAfter(long deliveries) {
    deliveriesLeft = deliveries;
  }

  /// A new process with what is durable.
  void restart() {
    tail.close();
    deliveriesLeft = Long.MAX_VALUE;
    tail = open();
  }

  void restart(FileConfig newConfig) {
    config = newConfig;
    restart();
  }

  FileTail tail() {
    return tail;
  }

  List<String> lines() {
    return stored.stream().map(message -> message.body().utf8()).toList();
  }

  private FileTail open() {
    return new FileTail(config, Map.copyOf(positions), FileSystems.getDefault(), clock, this::put);
  }

  private boolean put(List<Message> messages, Map<String, Bytes> changed) {
    if (deliveriesLeft > 0) {
      deliveriesLeft--;
      stored.addAll(messages);
      changed.forEach((key, value) -> {
        if (value.isEmpty()) {
          positions.remove(key);
        } else {
          positions.put(key, value);
        }
      });
    }
    return true;
  }

  static void append(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
