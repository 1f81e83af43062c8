package dev.weir.bench.remote;

import dev.weir.remote.RemoteMode;
import java.util.Locale;

/// One line of the table.
///
/// @param mode of the remote
/// @param way of its messages
/// @param buffer messages that may be unanswered
/// @param messages sent
/// @param reconnectEvery messages between forced reconnects; 0 for none
record RemoteCase(RemoteMode mode, RemoteWay way, int buffer, int messages, int reconnectEvery) {
  String modeLabel() {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String name() {
    String load = reconnectEvery > 0 ? ", reconnected" : "";
    return modeLabel() + " " + way.label() + " " + buffer + " × " + messages + load;
  }

  String question() {
    return String.join(
        " ",
        "run",
        mode.name(),
        way.label(),
        Integer.toString(buffer),
        Integer.toString(messages),
        Integer.toString(reconnectEvery));
  }
}
