package dev.weir.it;

import dev.weir.client.Delivered;
import dev.weir.client.Start;
import dev.weir.client.SubscribeOptions;
import dev.weir.client.Subscription;
import dev.weir.client.WeirClient;
import dev.weir.message.Cursor;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A reader that never stays: it reads some messages through one door, leaves, and goes on through
/// another one with the cursor behind the last. A door that dies under it is left the same way.
final class Hopper extends Load {
  private static final Pattern POSITION = WebDoors.member("position");
  private static final Pattern CURSOR = WebDoors.member("cursor");
  private static final Duration IDLE = Duration.ofMillis(200);
  private static final String ID = "id: ";

  private enum Door {
    GRPC,
    EVENTS,
    SOCKET,
    PAGES
  }

  private final WeirClient client;
  private final WebDoors web;
  private final String filter;
  private final String path;
  private final RandomGenerator random;
  private final Runnable onMove;
  private final List<String> seen = new ArrayList<>();
  private final Map<Door, Integer> doors = new ConcurrentSkipListMap<>();
  private String cursor = "";

  Hopper(WeirClient client, WebDoors web, String filter, long seed, Runnable onMove) {
    super("hopper");
    this.client = client;
    this.web = web;
    this.filter = filter;
    this.path = filter.replace("#", "%23");
    this.random = Seeds.random("Hopper", seed);
    this.onMove = onMove;
  }

  /// Positions of everything it got, in its order.
  List<String> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /// How often it came in through each door.
  Map<?, Integer> doors() {
    return new TreeMap<>(doors);
  }

  @Override
  void step() throws InterruptedException {
    Door door = Door.values()[random.nextInt(Door.values().length)];
    int count = random.nextInt(1, 150);
    doors.merge(door, 1, Integer::sum);
    try {
      switch (door) {
        case GRPC -> grpc(count);
        case EVENTS -> events(count);
        case SOCKET -> socket(count);
        case PAGES -> page(count);
      }
    } catch (IOException | UncheckedIOException _) {
      waitFor(Duration.ofMillis(50)); // The core is away; the cursor stands where it stood.
    }
  }

  @Override
  Duration pause() {
    return Duration.ofMillis(1);
  }

  private String from() {
    return cursor.isEmpty() ? "first" : cursor;
  }

  private void note(String position, String behind) {
    synchronized (seen) {
      seen.add(position);
    }
    cursor = behind;
    onMove.run();
  }

  private void grpc(int count) {
    Start start = cursor.isEmpty() ? Start.first() : Start.from(Cursor.parse(cursor));
    SubscribeOptions options = SubscribeOptions.of(filter, start).withBufferMessages(64);
    try (Subscription subscription = client.subscribe(options)) {
      for (int i = 0; i < count; i++) {
        Optional<Delivered> next = subscription.poll(IDLE);
        if (next.isEmpty()) {
          return;
        }
        note(next.get().position().toString(), next.get().cursor().token());
      }
    }
  }

  /// Leaves at the end of what is stored, so that it never waits for a message that does not come.
  private void events(int count) throws IOException, InterruptedException {
    String query = "filter=" + path + "&from=" + from() + "&end=tail";
    try (Stream<String> body = web.events(query)) {
      Iterator<String> lines = body.iterator();
      String id = "";
      int got = 0;
      while (got < count && lines.hasNext()) {
        String line = lines.next();
        Matcher position = POSITION.matcher(line);
        if (line.startsWith(ID)) {
          id = line.substring(ID.length());
        } else if (position.find()) {
          note(position.group(1), id);
          got++;
        }
      }
    }
  }

  private void socket(int count) {
    Optional<SocketTalk> open = web.socket();
    if (open.isEmpty()) {
      waitFor(Duration.ofMillis(50));
      return;
    }
    try (SocketTalk talk = open.get()) {
      talk.say(
          "{\"op\":\"attach\",\"id\":\"h\",\"filters\":[\"%s\"],\"from\":\"%s\",\"credit\":%d}"
              .formatted(filter, from(), count));
      int got = 0;
      Optional<String> next = talk.hearOf("\"op\":\"attached\"");
      while (next.isPresent() && got < count) {
        next = talk.hear(IDLE);
        if (next.isPresent() && next.get().contains("\"op\":\"message\"")) {
          note(first(POSITION, next.get()), first(CURSOR, next.get()));
          got++;
        }
      }
    }
  }

  private void page(int count) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        web.send("GET", "/v1/topics/" + path + "?from=" + from() + "&limit=" + count, "");
    if (answer.statusCode() != 200) {
      throw new IOException("a page was refused with " + answer.statusCode());
    }
    List<String> positions = WebDoors.all(POSITION, answer.body());
    List<String> cursors = WebDoors.all(CURSOR, answer.body());
    for (int i = 0; i < positions.size(); i++) {
      note(positions.get(i), cursors.get(i));
    }
  }

  private static String first(Pattern pattern, String text) {
    return WebDoors.all(pattern, text).getFirst();
  }
}
