package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.base.Bytes;
import dev.weir.client.ConsumeOptions;
import dev.weir.client.HeldMessage;
import dev.weir.client.QueueConfig;
import dev.weir.client.QueueConsumer;
import dev.weir.client.Start;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A group: of each key one message at a time and in order, to consumers over gRPC, REST and
/// WebSocket that ack and nack; what is acked never comes again.
final class KeyedClaim extends Claim {
  private static final String QUEUE = "mix.keyed";
  private static final String TOPIC = "mix/keyed/";
  private static final int LANE_KEYS = 6;
  private static final int REST_KEYS = 3;
  private static final int CONSUMERS = 2;

  /// Longer than any pause of a busy machine, so that no lease ends while its holder settles.
  private static final Duration LEASE = Duration.ofMinutes(5);

  private final KeyLedger ledger = new KeyLedger();
  private final AtomicLong unacked = new AtomicLong();
  private final WeirClient client;
  private final WebDoors web;
  private final List<QueueConsumer> consumers = new ArrayList<>();

  KeyedClaim(WeirClient client, WebDoors web, long seed) {
    super("keyed queue");
    this.client = client;
    this.web = web;
    RandomGenerator random = Seeds.random("KeyedClaim", seed);
    addSender(new Lane());
    addSender(new Poster());
    addTaker(new Puller(random.nextLong()));
    addTaker(new Talker(random.nextLong()));
  }

  @Override
  void start() {
    client
        .queues()
        .create(
            QueueConfig.group(QUEUE, List.of(TOPIC + "#"))
                .withRetry(LEASE, 0, Duration.ofMillis(1), Duration.ofMillis(20)),
            Start.first());
    for (int i = 0; i < CONSUMERS; i++) {
      consumers.add(
          client
              .queues()
              .consume(
                  ConsumeOptions.of(QUEUE).withHandlers(4).withPrefetch(8).settledByHand(),
                  this::handle));
    }
    super.start();
  }

  private void handle(HeldMessage held) {
    Task task = delivered(held.text());
    RandomGenerator random = ThreadLocalRandom.current();
    if (random.nextInt(6) == 0) {
      var _ = random.nextBoolean() ? held.nack() : held.nack(pause(random));
      return;
    }
    ledger.acking(task.key(), task.number());
    var _ = held.ack().thenRun(() -> acked(task));
  }

  private static Duration pause(RandomGenerator random) {
    return Duration.ofMillis(random.nextInt(1, 40));
  }

  /// What a body says: `KEY NUMBER …`.
  private record Task(String key, int number) {
    static Task of(String body) {
      String[] words = body.split(" ", 3);
      return new Task(words[0], Integer.parseInt(words[1]));
    }
  }

  private Task delivered(String body) {
    Task task = Task.of(body);
    ledger.delivered(task.key(), task.number()).ifPresent(this::fault);
    return task;
  }

  private void acked(Task task) {
    ledger.acked(task.key(), task.number());
    move();
  }

  /// Publishes on a lane, which keeps its order over reconnects.
  private final class Lane extends Load {
    private int count;

    Lane() {
      super("keyed-lane");
    }

    @Override
    void step() {
      String key = "lane" + count++ % LANE_KEYS;
      int number = ledger.issue(key);
      Message message =
          Message.of(TOPIC + key, Ledger.body(key, number, 40)).withKey(Bytes.utf8(key));
      unacked.incrementAndGet();
      var _ = client.publishAsync(message).thenRun(unacked::decrementAndGet);
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(5);
    }

    @Override
    void end() {
      eventually("the keyed lane is acked", PATIENCE, () -> unacked.get() == 0);
    }
  }

  /// Posts, one after the other.
  private final class Poster extends Load {
    private int count;

    Poster() {
      super("keyed-rest");
    }

    @Override
    void step() throws InterruptedException {
      String key = "rest" + count++ % REST_KEYS;
      int number = ledger.issue(key);
      web.insist(
          "POST",
          "/v1/topics/" + TOPIC + key,
          Ledger.body(key, number, 40),
          "Weir-Key",
          key,
          "Idempotency-Key",
          "keyed-" + key + "-" + number);
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(15);
    }
  }

  /// Pulls, and settles by the leases' tokens.
  private final class Puller extends Load {
    private static final Pattern LEASES = Pattern.compile("\"lease\":\"([0-9a-f]{32})\"");
    private static final Pattern BODIES = Pattern.compile("\"body\":\"([^\"]*)\"");

    private final RandomGenerator random;

    Puller(long seed) {
      super("keyed-pull");
      random = Seeds.random("Puller", seed);
    }

    @Override
    void step() throws InterruptedException {
      try {
        HttpResponse<String> answer =
            web.send("POST", "/v1/queues/" + QUEUE + "/pull?max=3&wait=300ms", "");
        List<String> leases = WebDoors.all(LEASES, answer.body());
        List<String> bodies = WebDoors.all(BODIES, answer.body());
        for (int i = 0; i < leases.size(); i++) {
          settle(leases.get(i), bodies.get(i));
        }
      } catch (IOException _) {
        waitFor(Duration.ofMillis(50)); // What it held goes to others when the core is back.
      }
    }

    private void settle(String lease, String body) throws IOException, InterruptedException {
      Task task = delivered(body);
      String leases = "\"leases\":[\"" + lease + "\"]}";
      String path = "/v1/queues/" + QUEUE;
      if (random.nextInt(6) == 0) {
        String delay = "{\"delay\":\"" + random.nextInt(1, 40) + "ms\",";
        web.send("POST", path + "/nack", delay + leases);
        return;
      }
      ledger.acking(task.key(), task.number());
      if (web.send("POST", path + "/ack", "{" + leases).statusCode() == 200) {
        acked(task);
      }
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(1);
    }
  }

  /// Consumes over a WebSocket, over the next one when one is lost.
  private final class Talker extends Load {
    private static final Pattern LEASE = WebDoors.member("lease");
    private static final Pattern BODY = WebDoors.member("body");
    private static final Pattern REF = WebDoors.member("ref");

    private final RandomGenerator random;
    private final Map<String, Task> waiting = new HashMap<>();
    private @Nullable SocketTalk talk;
    private int lastRef;

    Talker(long seed) {
      super("keyed-socket");
      random = Seeds.random("Talker", seed);
    }

    @Override
    void step() {
      SocketTalk open = talk;
      if (open == null || open.isOver()) {
        waiting.clear();
        open = web.socket().orElse(null);
        talk = open;
        if (open == null) {
          waitFor(Duration.ofMillis(50));
          return;
        }
        open.say("{\"op\":\"consume\",\"id\":\"c\",\"queue\":\"" + QUEUE + "\",\"prefetch\":3}");
      }
      Optional<String> next = open.hear(Duration.ofMillis(50));
      if (next.isPresent()) {
        hear(open, next.get());
      }
    }

    private void hear(SocketTalk open, String text) {
      if (text.contains("\"op\":\"delivery\"")) {
        settle(open, text);
      } else if (text.contains("\"op\":\"settled\"")) {
        Task task = waiting.remove(WebDoors.all(REF, text).getFirst());
        if (task != null && text.contains("\"settled\":1")) {
          acked(task);
        }
      }
    }

    private void settle(SocketTalk open, String text) {
      Task task = delivered(WebDoors.all(BODY, text).getFirst());
      String lease = WebDoors.all(LEASE, text).getFirst();
      String tail = "\"id\":\"c\",\"leases\":[\"" + lease + "\"]}";
      if (random.nextInt(6) == 0) {
        open.say("{\"op\":\"nack\"," + tail);
        return;
      }
      String ref = "" + ++lastRef;
      waiting.put(ref, task);
      ledger.acking(task.key(), task.number());
      open.say("{\"op\":\"ack\",\"ref\":\"" + ref + "\"," + tail);
    }

    @Override
    Duration pause() {
      return Duration.ZERO;
    }

    @Override
    void end() {
      SocketTalk open = talk;
      if (open != null) {
        open.close();
      }
    }
  }

  @Override
  void drain() {
    await("everything is acked", () -> ledger.left() == 0);
    if (ledger.left() > 0) {
      fault("left behind: " + ledger);
    }
  }

  @Override
  void audit(List<StoredMessage> stored) {
    await("the queue is empty", () -> client.queues().figures(QUEUE).length() == 0);
  }

  @Override
  String told() {
    return "%,d messages of %d keys".formatted(ledger.issued(), LANE_KEYS + REST_KEYS);
  }

  @Override
  public void close() {
    super.close();
    consumers.forEach(QueueConsumer::close);
  }
}
