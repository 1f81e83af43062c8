package dev.weir.bench.remote;

import dev.weir.base.Checks;
import dev.weir.remote.RemoteOptions;
import java.util.List;

/// What `weir bench remote` measures.
///
/// @param java the words that start a JVM with this program's class path, without flags
/// @param buffers messages that may be unanswered, each 1 to 65,536
/// @param messages of the runs that the published table has, 10 to 1,000,000
/// @param manyMessages of a further run of the modes that do not wait, 0 for none, up to 10,000,000
/// @param rounds all in turn, 1 to 50
/// @param reconnects forced in a last run over each transport, one every 500 messages; up to 20,000
public record RemoteBenchOptions(
    List<String> java,
    List<Integer> buffers,
    int messages,
    int manyMessages,
    int rounds,
    int reconnects) {
  static final int RECONNECT_EVERY = 500;

  public RemoteBenchOptions {
    java = List.copyOf(java);
    buffers = List.copyOf(buffers);
    buffers.forEach(buffer -> Checks.range("buffer", buffer, 1, RemoteOptions.MAX_BUFFER));
    Checks.range("messages", messages, 10, 1_000_000);
    Checks.range("many messages", manyMessages, 0, 10_000_000);
    Checks.range("rounds", rounds, 1, 50);
    Checks.range("reconnects", reconnects, 0, 20_000);
  }

  /// Within a minute: the smallest and the largest buffer.
  public static RemoteBenchOptions quick(List<String> java) {
    return new RemoteBenchOptions(java, List.of(512, 5120), 5_000, 100_000, 2, 50);
  }

  /// Some minutes: everything, five rounds.
  public static RemoteBenchOptions full(List<String> java) {
    return new RemoteBenchOptions(
        java, List.of(512, 1024, 2048, 3072, 4096, 5120), 5_000, 500_000, 5, 200);
  }

  /// The same with other counts.
  public RemoteBenchOptions with(int newRounds, int newReconnects) {
    return new RemoteBenchOptions(java, buffers, messages, manyMessages, newRounds, newReconnects);
  }
}
