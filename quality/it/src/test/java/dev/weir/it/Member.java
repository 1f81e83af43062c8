package dev.weir.it;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A core or an edge that dies and comes back: the same command line over the same directories, in
/// one process after another. One thread starts and kills; any thread may ask for the address.
final class Member implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("ready(?: on ([0-9A-Za-z.\\[\\]:]+):([0-9]+))?");

  private final Launch launch;
  private final String[] command;
  private volatile @Nullable WeirProcess process;
  private volatile @Nullable InetSocketAddress address;

  /// A member that is not started yet.
  Member(Launch launch, String... command) {
    this.launch = launch;
    this.command = command.clone();
  }

  /// Starts the process and returns at once.
  Member start() {
    address = null;
    process = launch.start(command);
    return this;
  }

  /// Waits until it says that it is ready and, for a core, where.
  Member awaitReady() {
    Matcher ready = process().awaitError(READY);
    @Nullable String host = ready.group(1);
    if (host != null) {
      address = InetSocketAddress.createUnresolved(host, Integer.parseInt(ready.group(2)));
    }
    return this;
  }

  /// Where it listens; null between a death and the next ready line.
  @Nullable InetSocketAddress address() {
    return address;
  }

  /// Where it listens, once it is ready.
  InetSocketAddress requireAddress() {
    @Nullable InetSocketAddress known = address;
    if (known == null) {
      throw new IllegalStateException("not ready: " + String.join(" ", command));
    }
    return known;
  }

  String server() {
    return requireAddress().getHostString() + ":" + requireAddress().getPort();
  }

  /// kill -9.
  void kill() {
    address = null;
    process().kill();
  }

  /// SIGTERM, and its exit status.
  int terminate() {
    int status = process().terminate();
    address = null;
    return status;
  }

  /// The process of now.
  WeirProcess process() {
    @Nullable WeirProcess current = process;
    if (current == null) {
      throw new IllegalStateException("never started: " + String.join(" ", command));
    }
    return current;
  }

  @Override
  public void close() {
    @Nullable WeirProcess current = process;
    if (current != null) {
      current.close();
    }
  }
}
