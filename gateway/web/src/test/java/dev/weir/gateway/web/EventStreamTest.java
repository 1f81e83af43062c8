package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.broker.SubscriptionStats;
import dev.weir.broker.SubscriptionStats.State;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventStreamTest {
  @TempDir Path directory;

  @Test
  void deliversWhatIsPublishedFromNowOn() {
    try (Door door = new Door(directory)) {
      door.publish("a/b", "before");
      try (Events events = new Events(door, "filter=a/%23").awaitOpen()) {
        door.publish("a/b", "after");
        door.publish("c", "elsewhere");
        door.publish("a", "last");

        assertThat(events.awaitBodies(2).bodies()).containsExactly("after", "last");
        assertThat(events.lines().getFirst()).isEqualTo("retry: 1000");
      }
      eventually("the stream is cleared away", () -> door.web.stats().eventStreams() == 0);
      eventually("the subscription ends", () -> door.broker.stats().subscriptions().isEmpty());
    }
  }

  @Test
  void continuesBehindTheLastEventThatWasSeen() {
    try (Door door = new Door(directory)) {
      for (int i = 0; i < 10; i++) {
        door.publish("a", "m" + i);
      }
      String seen;
      try (Events events = new Events(door, "filter=a&from=first").awaitBodies(10)) {
        seen = events.ids().get(4); // The first id is the opening's.
      }

      try (Events events = new Events(door, "filter=a&from=first", "Last-Event-ID", seen)) {
        assertThat(events.awaitBodies(6).bodies())
            .containsExactly("m4", "m5", "m6", "m7", "m8", "m9");
      }
      try (Events events = new Events(door, "filter=a&end=tail&lastEventId=" + seen)) {
        events.awaitEnd();
        assertThat(events.bodies()).hasSize(6);
        assertThat(events.names()).containsExactly("opened", "end");
      }
    }
  }

  @Test
  void missesNothingBetweenTheOpeningAndTheFirstMessage() {
    try (Door door = new Door(directory)) {
      String opened;
      try (Events events = new Events(door, "filter=a").awaitOpen()) {
        opened = events.ids().getFirst();
      }
      door.publish("a", "while away");

      try (Events events = new Events(door, "filter=a", "Last-Event-ID", opened)) {
        assertThat(events.awaitBodies(1).bodies()).containsExactly("while away");
      }
    }
  }

  @Test
  void tellsAGapInItsPlace() {
    try (Door door = new Door(Door.forgetful(directory), Door.LIMITS)) {
      door.publish("a", "first");
      String seen;
      try (Events events = new Events(door, "filter=a&from=first").awaitBodies(1)) {
        seen = events.ids().getFirst(); // Before the first message.
      }
      String large = "x".repeat(200_000);
      eventually(
          "retention takes the first",
          () -> {
            door.publish("b", large);
            return door.broker.stats().engine().partitions().getFirst().firstOffset() > 0
                && door.broker.stats().storedBytes() > 12 << 20; // More than the recent batches.
          });
      door.publish("a", "last");

      try (Events events = new Events(door, "filter=a", "Last-Event-ID", seen)) {
        assertThat(events.awaitBodies(1).bodies()).containsExactly("last");
        assertThat(events.names()).containsExactly("opened", "gap");
        assertThat(events.lines())
            .anyMatch(line -> line.contains("\"reason\":\"retention\",\"cursor\":\"w1"));
      }
    }
  }

  @Test
  void refusesWhatCannotBeginWithAStatus() {
    try (Door door = new Door(directory)) {
      door.publish("a", "x");
      String cursor;
      try (Events events = new Events(door, "filter=a&from=first").awaitBodies(1)) {
        cursor = events.ids().getLast();
      }
      try (Door other = new Door(directory.resolve("other"))) {
        var answer = other.get("/v1/subscribe?filter=a&from=" + cursor);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("WEIR-7008");
        eventually("the place is given back", () -> other.web.stats().eventStreams() == 0);
      }
    }
  }

  @Test
  void sendsSomethingWhenThereIsNothingToTell() {
    Duration often = Duration.ofMillis(20);
    try (Door door =
            new Door(
                directory,
                Door.LIMITS.withTimes(Duration.ofSeconds(60), Duration.ofSeconds(30), often));
        Events events = new Events(door, "filter=a").awaitOpen()) {
      eventually("a comment", () -> events.lines().contains(": quiet"));
    }
  }

  @Test
  void refusesMoreStreamsThanThereMayBe() {
    try (Door door = new Door(directory, Door.LIMITS.withStreams(1));
        Events first = new Events(door, "filter=a").awaitOpen()) {
      var second = door.get("/v1/subscribe?filter=a");

      assertThat(first.status()).isEqualTo(200);
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.headers().firstValue("retry-after")).hasValue("1");
    }
  }

  @Test
  void saysGoodbyeWhenTheCoreCloses() {
    Events events;
    try (Door door = new Door(directory)) {
      events = new Events(door, "filter=a").awaitOpen();
      door.web.close();
      events.awaitEnd();
    }
    assertThat(events.names()).containsExactly("opened", "failed");
    assertThat(events.lines()).anyMatch(line -> line.contains("WEIR-2003"));
    events.close();
  }

  @Test
  void holdsAReaderThatStopsReadingWithoutHoldingItsMessages() throws IOException {
    try (Door door = new Door(directory)) {
      try (Socket stuck = door.socket()) {
        stuck
            .getOutputStream()
            .write(
                "GET /v1/subscribe?filter=a&from=first HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        String body = "x".repeat(100_000);
        int count = 200;
        for (int i = 0; i < count; i++) {
          door.publish("a", body);
        }
        eventually("the subscription waits", () -> isWaiting(door));
        long delivered = door.web.stats().delivered();

        assertThat(delivered).isLessThan(count);
        try (Events other = new Events(door, "filter=a&from=first&end=tail")) {
          other.awaitEnd();
          assertThat(other.bodies()).hasSize(count);
        }
        assertThat(read(stuck.getInputStream(), count)).isEqualTo(count);
      }
      eventually("the stream is cleared away", () -> door.web.stats().eventStreams() == 0);
    }
  }

  private static boolean isWaiting(Door door) {
    List<SubscriptionStats> open = door.broker.stats().subscriptions();
    return !open.isEmpty()
        && (open.getFirst().state() == State.WAITING_FOR_TRANSPORT
            || open.getFirst().behindMessages() > 0);
  }

  /// Reads until so many messages have come.
  private static int read(InputStream in, int count) throws IOException {
    byte[] part = new byte[64 << 10];
    int found = 0;
    String tail = "";
    while (found < count) {
      int bytes = in.read(part);
      if (bytes < 0) {
        return found;
      }
      String text = tail + new String(part, 0, bytes, StandardCharsets.US_ASCII);
      int at = text.indexOf("\"stored\":");
      int last = 0;
      while (at >= 0) {
        found++;
        last = at + 9;
        at = text.indexOf("\"stored\":", last);
      }
      tail = text.substring(Math.max(last, text.length() - 8));
    }
    return found;
  }

  @Test
  void pagesThroughWhatIsStoredByTheLinkOfEachPage() {
    try (Door door = new Door(directory)) {
      for (int i = 0; i < 25; i++) {
        door.publish(i % 5 == 4 ? "other" : "a/ä b", "m" + i);
      }
      StringBuilder bodies = new StringBuilder();
      String path = "/v1/topics/a/%2B?limit=6";
      int pages = 0;
      boolean isAtEnd = false;
      while (!isAtEnd) {
        var page = door.get(path);
        assertThat(page.statusCode()).isEqualTo(200);
        bodies.append(page.body().replaceAll("\\{\"topic.*?\"body\":\"(m\\d+)\".*?\\}", "$1 "));
        isAtEnd = page.body().contains("\"atEnd\":true");
        path = page.headers().firstValue("link").orElseThrow().replaceAll("<(.*)>.*", "$1");
        pages++;
      }

      assertThat(pages).isEqualTo(4);
      assertThat(bodies.toString().replaceAll("[^m0-9 ]*\"next\"[^}]*}", ""))
          .contains("m0 ", "m8 ", "m23 ")
          .doesNotContain("m4 ", "m24 ");
      door.publish("a/c", "later");
      assertThat(door.get(path).body()).contains("later").contains("\"atEnd\":true");
    }
  }

  @Test
  void cutsAPageThatIsLargeEnough() {
    try (Door door = new Door(directory)) {
      String body = "x".repeat(400_000);
      for (int i = 0; i < 5; i++) {
        door.publish("a", body);
      }

      var page = door.get("/v1/topics/a");

      assertThat(page.body().split("\"topic\"", -1)).hasSize(4);
      assertThat(page.body()).contains("\"atEnd\":false");
    }
  }

  @Test
  void listsTopics() {
    try (Door door = new Door(directory)) {
      door.publish("a/b", "xy");
      door.publish("c", "z");

      assertThat(door.get("/v1/topics?filter=a/%23").body())
          .contains("{\"topic\":\"a/b\",\"messages\":1,\"bytes\":2,")
          .doesNotContain("\"c\"");
      assertThat(door.get("/v1/topics?limit=1").body()).contains("\"complete\":false");
    }
  }
}
