package dev.weir.bench.ops;

import dev.weir.load.ChildTalk;
import dev.weir.rpc.WireChannelBuilder;
import dev.weir.wire.WireLoops;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the operations of the bench, in a process of its own, on one connection for each way and
/// size:
///
///     closed WAY PATH PORT BYTES IN_FLIGHT MILLIS
///     open WAY PATH PORT BYTES PER_SECOND WARM_UP_MILLIS MILLIS
///
/// Both are answered by [OpsFigures#words].
public final class OpsLoad {
  private final OneLoop own;
  private final WireLoops loops;
  private final Map<String, Caller> callers = new HashMap<>();

  private OpsLoad(OneLoop own, WireLoops loops) {
    this.own = own;
    this.loops = loops;
  }

  public static void main(String[] arguments) throws IOException {
    try (OneLoop own = new OneLoop("load");
        WireLoops loops = OneLoop.wireLoops("load")) {
      OpsLoad load = new OpsLoad(own, loops);
      ChildTalk.serve("load", load::answer);
      load.callers.values().forEach(Caller::close);
    }
  }

  private String answer(List<String> words) throws IOException, InterruptedException {
    OpsWay way = OpsWay.parse(words.get(1));
    boolean isRouted = words.get(2).equals(OpsCase.ROUTED);
    int port = Integer.parseInt(words.get(3));
    int bytes = Integer.parseInt(words.get(4));
    String key = way + " " + port + " " + bytes;
    Caller caller = callers.get(key);
    if (caller == null) {
      caller = connect(way, port, bytes, isRouted);
      callers.put(key, caller);
    }
    boolean isOver = false;
    try {
      String answer = measure(caller, words);
      isOver = true;
      return answer;
    } finally {
      if (!isOver) {
        callers.remove(key); // What is still under way on it must not be counted as the next's.
        caller.close();
      }
    }
  }

  private static String measure(Caller caller, List<String> words)
      throws IOException, InterruptedException {
    return switch (words.getFirst()) {
      case "closed" ->
          ClosedLoop.run(caller, Integer.parseInt(words.get(5)), millis(words.get(6))).words();
      case "open" ->
          OpenLoop.run(
                  caller,
                  Double.parseDouble(words.get(5)),
                  millis(words.get(6)),
                  millis(words.get(7)))
              .words();
      default -> throw new IllegalArgumentException("unknown: " + words);
    };
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  private Caller connect(OpsWay way, int port, int bytes, boolean isRouted) throws IOException {
    EventLoop wireLoop = loops.loops().getFirst();
    return switch (way) {
      case UNARY -> new UnaryCaller(own.channel(port), own.loop(), bytes);
      case STREAM -> new StreamCaller(own.channel(port), own.loop(), bytes, false);
      case STREAM_BATCH -> new StreamCaller(own.channel(port), own.loop(), bytes, true);
      case WIRE -> WireCaller.connect(loops, port, bytes, isRouted);
      case RPC_WIRE ->
          new UnaryCaller(
              WireChannelBuilder.to(OneLoop.loopback(port)).loops(loops).directExecutor().build(),
              wireLoop,
              bytes);
      case REDIS -> redis(port, bytes);
      case NATS -> nats(port, bytes);
    };
  }

  private Caller redis(int port, int bytes) throws IOException {
    String value = "x".repeat(bytes);
    String key = "weir" + bytes;
    String set = command("SET", key, value);
    return new PipedCaller(
        own, port, ascii(set), ascii(command("GET", key)), new AnswerCounter("$"));
  }

  private static String command(String... words) {
    StringBuilder text = new StringBuilder("*").append(words.length).append("\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  private Caller nats(int port, int bytes) throws IOException {
    String inbox = "_INBOX.weir" + bytes;
    String greeting = "CONNECT {\"verbose\":false}\r\nSUB " + inbox + " 1\r\n";
    String body = "x".repeat(bytes);
    String request =
        "PUB " + NatsResponder.SUBJECT + " " + inbox + " " + bytes + "\r\n" + body + "\r\n";
    return new PipedCaller(own, port, ascii(greeting), ascii(request), new AnswerCounter("MSG "));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
