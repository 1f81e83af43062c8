package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.QueueFigures;
import dev.weir.client.WeirClient;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Parameters;

/// The queue that a command is about.
final class QueueName {
  @Parameters(paramLabel = "QUEUE", description = "Its name.")
  String queue = "";

  /// Asks for one, and names the nearest when there is none of this name.
  static QueueFigures figures(WeirClient client, String name) {
    try {
      return client.queues().figures(name);
    } catch (WeirException e) {
      if (e.code() != ErrorCode.QUEUE_UNKNOWN) {
        throw e;
      }
      throw unknown(client, name, e);
    }
  }

  private static WeirException unknown(WeirClient client, String name, WeirException cause) {
    List<String> near =
        client.queues().list().stream()
            .map(figures -> figures.config().name())
            .filter(known -> isNear(known, name))
            .limit(3)
            .toList();
    return near.isEmpty()
        ? cause
        : new WeirException(
            cause.code(),
            cause.getMessage() + " Did you mean " + String.join(" or ", near) + "?",
            cause);
  }

  private static boolean isNear(String known, String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.startsWith(wanted) || wanted.startsWith(known) || known.contains(wanted);
  }
}
