package dev.weir.it;

import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import dev.weir.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// Atomic batches over gRPC and REST, repeated under the same ids until they are acked: each is
/// stored once, whole, and with nothing else of its topic in between.
final class TogetherClaim extends Claim {
  private static final String TOPIC = "mix/together/";
  private static final int MAX_SIZE = 25;

  private final WeirClient client;
  private final WebDoors web;
  private final Batches grpc;
  private final Batches rest;

  TogetherClaim(WeirClient client, WebDoors web, long seed) {
    super("batches");
    this.client = client;
    this.web = web;
    RandomGenerator random = Seeds.random("TogetherClaim", seed);
    grpc = new Batches("grpc", random.nextLong());
    rest = new Batches("rest", random.nextLong());
    addSender(grpc);
    addSender(rest);
  }

  /// Batch after batch on a topic of its own; a body is `BATCH PART SIZE`.
  private final class Batches extends Load {
    private final String door;
    private final RandomGenerator random;
    private final AtomicInteger acked = new AtomicInteger();

    Batches(String door, long seed) {
      super("together-" + door);
      this.door = door;
      random = Seeds.random("Batches " + door, seed);
    }

    @Override
    void step() throws InterruptedException {
      int batch = acked.get() + 1;
      int size = random.nextInt(1, MAX_SIZE);
      List<String> bodies = new ArrayList<>();
      for (int part = 1; part <= size; part++) {
        bodies.add(batch + " " + part + " " + size);
      }
      if (door.equals("grpc")) {
        publish(batch, bodies);
      } else {
        post(batch, bodies);
      }
      acked.incrementAndGet();
      move();
    }

    private void publish(int batch, List<String> bodies) {
      List<Message> messages = new ArrayList<>();
      for (String body : bodies) {
        Bytes id = Bytes.utf8("together-" + batch + "-" + messages.size());
        messages.add(Message.of(TOPIC + door, body).withId(id));
      }
      await("batch " + batch + " is stored", () -> isStored(messages));
    }

    private boolean isStored(List<Message> messages) {
      try {
        client.publishTogether(messages);
        return true;
      } catch (WeirException _) {
        waitFor(Duration.ofMillis(40));
        return false;
      }
    }

    private void post(int batch, List<String> bodies) throws InterruptedException {
      StringBuilder json = new StringBuilder();
      for (String body : bodies) {
        json.append(json.isEmpty() ? "[" : ",")
            .append("{\"topic\":\"%s\",\"body\":\"%s\"}".formatted(TOPIC + door, body));
      }
      web.insist(
          "POST",
          "/v1/publish?atomic=true",
          json.append(']').toString(),
          "Content-Type",
          "application/json",
          "Idempotency-Key",
          "together-rest-" + batch);
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(20);
    }
  }

  @Override
  void audit(List<StoredMessage> stored) {
    for (Batches door : List.of(grpc, rest)) {
      audit(
          door,
          stored.stream()
              .filter(message -> message.topic().equals(TOPIC + door.door))
              .map(StoredMessage::body)
              .toList());
    }
  }

  private void audit(Batches door, List<String> bodies) {
    int at = 0;
    for (int batch = 1; batch <= door.acked.get(); batch++) {
      String first = at < bodies.size() ? bodies.get(at) : "nothing";
      if (!first.startsWith(batch + " 1 ")) {
        fault("%s: batch %d should begin where '%s' stands".formatted(door.door, batch, first));
        return;
      }
      int size = Integer.parseInt(first.split(" ", -1)[2]);
      for (int part = 2; part <= size; part++) {
        String next = at + part - 1 < bodies.size() ? bodies.get(at + part - 1) : "nothing";
        if (!next.equals(batch + " " + part + " " + size)) {
          fault("%s: batch %d is torn at '%s'".formatted(door.door, batch, next));
          return;
        }
      }
      at += size;
    }
    if (at != bodies.size()) {
      fault("%s: %d messages too many".formatted(door.door, bodies.size() - at));
    }
  }

  @Override
  String told() {
    return "%,d batches".formatted(grpc.acked.get() + rest.acked.get());
  }
}
