package dev.weir.it;

import static dev.weir.testkit.Eventually.eventually;

import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.it.Ledger.Verdict;
import dev.weir.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Topics: what was acked on any door is stored once and in order; a reader that stays and one that
/// goes from door to door with its cursor get exactly what is stored.
final class FanOutClaim extends Claim {
  private static final String FILTER = "mix/fan/#";

  private final Ledger ledger = new Ledger();
  private final WeirClient client;
  private final WebDoors web;
  private final Hopper hopper;
  private final List<String> followed = new ArrayList<>();
  private String verdict = "";

  FanOutClaim(WeirClient client, WebDoors web, long seed) {
    super("fan-out");
    this.client = client;
    this.web = web;
    hopper = new Hopper(client, web, FILTER, seed, this::move);
    addSender(new Lane());
    addSender(new Poster());
    addSender(new Talker());
    addTaker(new Follower());
    addTaker(hopper);
  }

  /// Publishes on a lane and waits for no receipt before the next.
  private final class Lane extends Load {
    Lane() {
      super("fan-lane");
    }

    @Override
    void step() {
      for (int i = 0; i < 4; i++) {
        int number = ledger.issue("lane");
        Message message = Message.of("mix/fan/lane", Ledger.body("lane", number, 60 + number % 90));
        var _ = client.publishAsync(message).thenRun(() -> acked("lane", number));
      }
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(20);
    }

    @Override
    void end() {
      eventually("the lane is acked", PATIENCE, () -> ledger.unackedCount("lane") == 0);
    }
  }

  private void acked(String source, int number) {
    ledger.ack(source, number);
    move();
  }

  /// Posts under an idempotency key, again until it is told that the message is stored.
  private final class Poster extends Load {
    Poster() {
      super("fan-rest");
    }

    @Override
    void step() throws InterruptedException {
      int number = ledger.issue("rest");
      web.insist(
          "POST",
          "/v1/topics/mix/fan/rest",
          Ledger.body("rest", number, 50 + number % 50),
          "Idempotency-Key",
          "fan-" + number);
      acked("rest", number);
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(8);
    }
  }

  /// Publishes over a WebSocket, on the next one under the same id when one is lost.
  private final class Talker extends Load {
    private @Nullable SocketTalk talk;

    Talker() {
      super("fan-socket");
    }

    @Override
    void step() {
      int number = ledger.issue("socket");
      String body = Ledger.body("socket", number, 50 + number % 50);
      String words =
          "{\"op\":\"publish\",\"ref\":\"%d\",\"message\":{\"topic\":\"mix/fan/socket\",\"id\":\"fan-socket-%d\",\"body\":\"%s\"}}"
              .formatted(number, number, body);
      while (!isHeard(words, number)) {
        waitFor(Duration.ofMillis(40));
      }
      acked("socket", number);
    }

    private boolean isHeard(String words, int number) {
      SocketTalk open = talk;
      if (open == null || open.isOver()) {
        open = web.socket().orElse(null);
        talk = open;
      }
      if (open == null) {
        return Thread.currentThread().isInterrupted();
      }
      open.say(words);
      Optional<String> answer = open.hearOf("\"ref\":\"" + number + "\"");
      if (answer.isPresent() && answer.get().contains("\"op\":\"error\"")) {
        fault("a socket's publish was refused: " + answer.get());
      }
      if (answer.isEmpty()) {
        open.close();
        talk = null;
      }
      return answer.isPresent() || Thread.currentThread().isInterrupted();
    }

    @Override
    Duration pause() {
      return Duration.ofMillis(8);
    }

    @Override
    void end() {
      SocketTalk open = talk;
      if (open != null) {
        open.close();
      }
    }
  }

  /// One subscription for all the time, which resumes by itself.
  private final class Follower extends Load {
    private @Nullable Subscription subscription;

    Follower() {
      super("fan-follower");
    }

    @Override
    void step() {
      Subscription open = subscription;
      if (open == null) {
        open = client.subscribe(FILTER, Start.first());
        subscription = open;
      }
      Optional<Delivered> next = open.poll(Duration.ofMillis(100));
      if (next.isPresent()) {
        synchronized (followed) {
          followed.add(next.get().position().toString());
        }
        move();
      }
    }

    @Override
    Duration pause() {
      return Duration.ZERO;
    }

    @Override
    void end() {
      Subscription open = subscription;
      if (open != null) {
        open.close();
      }
    }
  }

  @Override
  void audit(List<StoredMessage> stored) {
    List<StoredMessage> ours =
        stored.stream().filter(message -> message.topic().startsWith("mix/fan/")).toList();
    Verdict found = ledger.audit(ours.stream().map(StoredMessage::body).toList());
    verdict = found.toString();
    if (!found.isClean()) {
      fault(verdict);
    }
    List<String> positions = ours.stream().map(StoredMessage::position).toList();
    await("who stayed has it all", () -> followed().size() >= positions.size());
    await("who changed doors has it all", () -> hopper.seen().size() >= positions.size());
    compare("who stayed", followed(), positions);
    compare("who changed doors " + hopper.doors(), hopper.seen(), positions);
  }

  private List<String> followed() {
    synchronized (followed) {
      return List.copyOf(followed);
    }
  }

  private void compare(String who, List<String> seen, List<String> stored) {
    int common = Math.min(seen.size(), stored.size());
    for (int i = 0; i < common; i++) {
      if (!seen.get(i).equals(stored.get(i))) {
        fault("%s got %s where %s is stored".formatted(who, seen.get(i), stored.get(i)));
        return;
      }
    }
    if (seen.size() != stored.size()) {
      fault("%s got %d of %d messages".formatted(who, seen.size(), stored.size()));
    }
  }

  @Override
  String told() {
    return verdict + "; doors changed " + hopper.doors();
  }
}
