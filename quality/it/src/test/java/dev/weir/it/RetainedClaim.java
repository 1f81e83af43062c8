package dev.weir.it;

import dev.weir.base.WeirException;
import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.message.Retain;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Retained messages that are set, changed and cleared over gRPC and REST: whoever looks, through
/// any door, sees of each topic what was acked last.
final class RetainedClaim extends Claim {
  private static final String TOPIC = "mix/retained/";
  private static final int TOPICS = 24;

  /// Held while a topic changes, so that who looks has nothing under way.
  private final Object lock = new Object();

  /// What is kept of each topic; guarded by the lock.
  private final Map<String, String> kept = new TreeMap<>();

  private final WeirClient client;
  private final WebDoors web;
  private int changes;
  private int looks;

  RetainedClaim(WeirClient client, WebDoors web, long seed) {
    super("retained");
    this.client = client;
    this.web = web;
    RandomGenerator random = Seeds.random("RetainedClaim", seed);
    addSender(new Changes("grpc", random.nextLong()));
    addSender(new Changes("rest", random.nextLong()));
  }

  /// Changes topics of its own, one after the other; clears one in five.
  private final class Changes extends Load {
    private final String door;
    private final RandomGenerator random;
    private int number;

    Changes(String door, long seed) {
      super("retained-" + door);
      this.door = door;
      random = Seeds.random("Changes " + door, seed);
    }

    @Override
    void step() throws InterruptedException {
      String topic = TOPIC + door + "/" + random.nextInt(TOPICS);
      String body = random.nextInt(5) == 0 ? "" : door + " " + ++number;
      synchronized (lock) {
        if (door.equals("grpc")) {
          client.publish(Retain.asked(Message.of(topic, body)));
        } else {
          web.insist(
              "POST",
              "/v1/topics/" + topic,
              body,
              "Weir-Retain",
              "true",
              "Idempotency-Key",
              "retained-" + changes);
        }
        changes++;
        if (body.isEmpty()) {
          kept.remove(topic);
        } else {
          kept.put(topic, body);
        }
      }
      move();
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(12);
    }
  }

  @Override
  void inspect() throws InterruptedException {
    synchronized (lock) {
      looks++;
      Map<String, String> seen =
          switch (looks % 3) {
            case 0 -> listed();
            case 1 -> replayed();
            default -> paged();
          };
      if (!seen.equals(kept)) {
        fault("look %d saw %s where %s is kept".formatted(looks, seen, kept));
      }
    }
  }

  /// As a list over gRPC; asked again while the channel finds the core that came back.
  private Map<String, String> listed() {
    Map<String, String> seen = new TreeMap<>();
    await(
        "a list comes",
        () -> {
          seen.clear();
          try {
            client
                .retained(TOPIC + "#")
                .forEach(each -> seen.put(each.message().topic(), each.text()));
            return true;
          } catch (WeirException _) {
            return false;
          }
        });
    return seen;
  }

  /// As what a subscription begins with.
  private Map<String, String> replayed() {
    Map<String, String> seen = new TreeMap<>();
    SubscribeOptions options =
        SubscribeOptions.of(TOPIC + "#", Start.live()).beginningWithRetained().endingAtTail();
    try (Subscription subscription = client.subscribe(options)) {
      for (Delivered each : subscription) {
        seen.put(each.message().topic(), each.text());
      }
    }
    return seen;
  }

  /// As pages over REST.
  private Map<String, String> paged() throws InterruptedException {
    Pattern topics = WebDoors.member("topic");
    Pattern bodies = WebDoors.member("body");
    Map<String, String> seen = new TreeMap<>();
    String after = "";
    do {
      String page =
          web.insist("GET", "/v1/retained?filter=" + TOPIC + "%23&limit=10&after=" + after, "");
      List<String> names = WebDoors.all(topics, page);
      List<String> texts = WebDoors.all(bodies, page);
      for (int i = 0; i < names.size(); i++) {
        seen.put(names.get(i), texts.get(i));
      }
      List<String> more = WebDoors.all(WebDoors.member("after"), page);
      after = more.isEmpty() ? "" : more.getFirst();
    } while (!after.isEmpty());
    return seen;
  }

  @Override
  void audit(List<StoredMessage> stored) throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      inspect();
    }
  }

  @Override
  String told() {
    return "%,d changes, %d looks".formatted(changes, looks);
  }
}
