package dev.weir.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Eventually;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RetainedTest {
  @TempDir Path directory;

  private Door door;

  @BeforeEach
  void open() {
    door = new Door(directory);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private void keep(String topic, String body) {
    HttpResponse<String> answer = door.post("/v1/topics/" + topic, body, "Weir-Retain", "true");
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  @Test
  void listsAndClearsWhatIsRetained() {
    keep("a/1", "x");
    keep("a/2", "y");
    HttpResponse<String> published =
        door.post("/v1/publish", "[{\"topic\":\"a/3\",\"body\":\"z\",\"retain\":true}]");
    keep("a/2", "");

    assertThat(published.statusCode()).isEqualTo(200);
    HttpResponse<String> first = door.get("/v1/retained?filter=a/%23&limit=1");
    assertThat(first.body()).contains("\"body\":\"x\"", "\"after\":\"a/1\"");
    HttpResponse<String> second = door.get("/v1/retained?filter=a/%23&limit=1&after=a/1");
    assertThat(second.body()).contains("\"body\":\"z\"").doesNotContain("after");
  }

  @Test
  void refusesWhatMeansNothing() {
    assertThat(door.post("/v1/topics/a", "x", "Weir-Retain", "yes").statusCode()).isEqualTo(400);
    assertThat(door.get("/v1/retained?limit=0").statusCode()).isEqualTo(400);
    assertThat(door.get("/v1/retained?filter=%23/a").statusCode()).isEqualTo(400);
    assertThat(door.get("/v1/subscribe?filter=a&retained=1").statusCode()).isEqualTo(400);
    assertThat(door.get("/v1/subscribe?filter=a&slow=sometimes").body()).contains("drop-oldest");
    assertThat(door.get("/v1/subscribe?filter=a&slow=block&maxHold=2h").statusCode())
        .isEqualTo(400);
  }

  @Test
  void beginsAStreamOfEventsWithWhatIsRetainedWithoutIds() {
    keep("a/1", "x");
    keep("a/2", "y");
    try (Events events = new Events(door, "filter=a/%23&retained=true").awaitBodies(2)) {
      Eventually.eventually("its end", () -> events.names().contains("retained-end"));
      assertThat(events.ids()).hasSize(1); // Of retained-end.
      door.publish("a/3", "live");

      assertThat(events.awaitBodies(3).bodies()).containsExactly("x", "y", "live");
      assertThat(events.ids()).hasSize(2);
    }
  }

  @Test
  void leavesOutWhatIsRetainedForWhoComesBack() {
    keep("a", "x");
    String seen;
    try (Events events = new Events(door, "filter=a&retained=true").awaitBodies(1)) {
      Eventually.eventually("its end", () -> events.names().contains("retained-end"));
      seen = events.ids().getLast();
    }
    door.publish("a", "while away");

    try (Events events = new Events(door, "filter=a&retained=true", "Last-Event-ID", seen)) {
      assertThat(events.awaitBodies(1).bodies()).containsExactly("while away");
    }
  }

  @Test
  void attachesASocketWithWhatIsRetained() {
    keep("a", "x");
    try (Talk talk = new Talk(door)) {
      talk.say("{\"op\":\"attach\",\"id\":\"s\",\"filters\":[\"a\"],\"retained\":true}");
      talk.hear("attached");
      talk.hear("\"body\":\"x\"");
      talk.hear("\"op\":\"retained-end\",\"id\":\"s\",\"cursor\":\"w1");
      talk.say("{\"op\":\"attach\",\"id\":\"t\",\"filters\":[\"a\"],\"slow\":\"never\"}");
      talk.hear("expected spill, block, conflate");
    }
  }

  @Test
  void publishesAllOrNone() {
    HttpResponse<String> all =
        door.post(
            "/v1/publish?atomic=true",
            "[{\"topic\":\"a\",\"body\":\"1\"},{\"topic\":\"a\",\"body\":\"2\"}]");
    HttpResponse<String> none =
        door.post(
            "/v1/publish?atomic=true",
            "[{\"topic\":\"a\",\"body\":\"3\"},{\"topic\":\"b\",\"body\":\"4\"}]");

    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.body()).contains("\"durability\":\"durable\"");
    assertThat(none.statusCode()).isEqualTo(400);
    assertThat(door.post("/v1/publish?atomic=1", "[]").statusCode()).isEqualTo(400);
    assertThat(door.broker.stats().storedMessages()).isEqualTo(2);
  }

  @Test
  void createsAQueueOverHistory() {
    door.publish("shop/1", "old");
    HttpResponse<String> created =
        door.send(
            "PUT",
            "/v1/queues/billing",
            "{\"filters\":[\"shop/#\"],\"ordering\":\"key\",\"from\":\"first\"}");

    assertThat(created.statusCode()).isEqualTo(200);
    HttpResponse<String> pulled = door.post("/v1/queues/billing/pull?wait=10s", "");
    assertThat(pulled.body()).contains("\"body\":\"old\"");
  }
}
