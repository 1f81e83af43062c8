package dev.weir.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two network namespaces of a lab, made and deleted with iproute2. A name holds the process
/// that made it, `weir-PID-N-near`: what a process left behind when it was killed is found by that
/// and deleted by the next one.
final class Namespaces implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("weir-(\\d+)-\\d+-(?:near|far)");
  private static final Path HANDLES = Path.of("/var/run/netns");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final int number = COUNT.incrementAndGet();

  private Namespaces() {}

  /// Deletes what dead processes left, and makes two.
  static Namespaces create() throws IOException {
    deleteStale();
    Namespaces made = new Namespaces();
    try {
      for (Side side : Side.values()) {
        Tool.run("ip", "netns", "add", made.name(side));
        made.ip(side, "link", "set", "lo", "up");
      }
      return made;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /// Distinguishes the labs of one process.
  int number() {
    return number;
  }

  String name(Side side) {
    String end =
        switch (side) {
          case NEAR -> "near";
          case FAR -> "far";
        };
    return "weir-" + ProcessHandle.current().pid() + "-" + number + "-" + end;
  }

  /// Runs `ip` within a namespace.
  void ip(Side side, String... words) throws IOException {
    String[] command = new String[words.length + 3];
    command[0] = "ip";
    command[1] = "-n";
    command[2] = name(side);
    System.arraycopy(words, 0, command, 3, words.length);
    Tool.run(command);
  }

  /// Sets a variable of the kernel that each namespace has for itself.
  void sysctl(Side side, String variable, String value) throws IOException {
    Path file = Path.of("/proc/sys").resolve(variable);
    within(
        side,
        () -> {
          Files.writeString(file, value);
          return value;
        });
  }

  /// Runs a task on a thread that lives in a namespace: sockets that it opens belong there, and may
  /// be used by any thread afterwards.
  <T> T within(Side side, Callable<T> task) throws IOException {
    FutureTask<T> future =
        new FutureTask<>(() -> {
          try (Arena arena = Arena.ofConfined()) {
            new Native(arena).enterNetwork(HANDLES.resolve(name(side)).toString());
          }
          return task.call();
        });
    Thread thread = Thread.ofPlatform().name("weir-lab-within").daemon().unstarted(future);
    thread.start();
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IOException("in namespace " + name(side) + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in namespace " + name(side), e);
    }
  }

  private static void deleteStale() throws IOException {
    for (String line : Tool.run("ip", "netns", "list").lines().toList()) {
      String name = List.of(line.split(" ", 2)).getFirst();
      Matcher matcher = NAME.matcher(name);
      if (matcher.matches() && !Files.exists(Path.of("/proc", matcher.group(1)))) {
        Tool.run("ip", "netns", "delete", name);
      }
    }
  }

  /// Deletes both. Idempotent; what cannot be deleted is found by the next process.
  @Override
  public void close() {
    for (Side side : Side.values()) {
      try {
        if (Files.exists(HANDLES.resolve(name(side)))) {
          Tool.run("ip", "netns", "delete", name(side));
        }
      } catch (IOException _) {
        // Stale from now on.
      }
    }
  }
}
