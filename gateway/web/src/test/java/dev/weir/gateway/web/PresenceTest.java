package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.broker.PresenceHolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who is there, over WebSocket and REST.
@Timeout(60)
final class PresenceTest {
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

  private static String sequence(String text) {
    return text.replaceAll(".*\"sequence\":(\\d+).*", "$1");
  }

  @Test
  void socketsEnterAndSeeEachOther() {
    try (Talk watcher = new Talk(door);
        Talk anna = new Talk(door)) {
      watcher.say("{\"op\":\"attach\",\"id\":\"p\",\"presence\":\"rooms/1\"}");
      watcher.hear("\"op\":\"presence\",\"id\":\"p\",\"missed\":true,\"topic\":\"rooms/1\"");
      anna.say(
          "{\"op\":\"enter\",\"ref\":\"1\",\"topic\":\"rooms/1\",\"member\":\"anna\",\"data\":\"hi\"}");
      String entered = anna.hear("\"op\":\"entered\",\"ref\":\"1\",\"topic\":\"rooms/1\"");
      assertThat(watcher.hear("\"op\":\"change\",\"id\":\"p\""))
          .contains("\"kind\":\"entered\"", "\"member\":\"anna\"", "\"data\":\"hi\"")
          .contains("\"sequence\":" + sequence(entered));
      anna.say(
          "{\"op\":\"update\",\"topic\":\"rooms/1\",\"member\":\"anna\",\"data\":\"/w==\",\"dataEncoding\":\"base64\"}");
      anna.hear("\"op\":\"updated\"");
      String updated = watcher.hear("\"kind\":\"updated\"");
      assertThat(updated)
          .contains("\"previous\":" + sequence(entered), "\"dataEncoding\":\"base64\"");

      String rest = door.get("/v1/presence/rooms/1").body();
      assertThat(rest).contains("\"member\":\"anna\"", "\"grace\":\"15s\"");
      assertThat(sequence(rest)).isEqualTo(sequence(updated));
      anna.say("{\"op\":\"members\",\"ref\":\"m\",\"topic\":\"rooms/1\"}");
      anna.hear("\"op\":\"members\",\"ref\":\"m\",\"topic\":\"rooms/1\",\"sequence\":");
      anna.say("{\"op\":\"leave\",\"topic\":\"rooms/1\",\"member\":\"anna\"}");
      watcher.hear("\"kind\":\"left\"");
      watcher.say("{\"op\":\"detach\",\"id\":\"p\"}");
      watcher.hear("detached");
    }
  }

  @Test
  void aSocketThatDiesLeavesAfterItsGraceAndOneThatComesBackDoesNot() {
    try (Talk watcher = new Talk(door)) {
      watcher.say("{\"op\":\"attach\",\"id\":\"p\",\"presence\":\"r\"}");
      watcher.hear("presence");
      try (Talk dying = new Talk(door)) {
        for (String who : List.of("stays\",\"grace\":\"5m", "goes\",\"grace\":\"10ms")) {
          dying.say("{\"op\":\"enter\",\"topic\":\"r\",\"member\":\"" + who + "\"}");
          dying.hear("entered");
          watcher.hear("\"kind\":\"entered\"");
        }
      }
      assertThat(watcher.hear("\"kind\":\"left\"")).contains("\"member\":\"goes\"");
      try (Talk back = new Talk(door)) {
        back.say("{\"op\":\"enter\",\"topic\":\"r\",\"member\":\"stays\",\"grace\":\"5m\"}");
        back.hear("entered");
        back.say("{\"op\":\"enter\",\"topic\":\"r\",\"member\":\"new\"}");
        back.hear("entered");
        assertThat(watcher.hear("change")).contains("\"member\":\"new\"");
      }
    }
  }

  @Test
  void tellsWhoAttachesAgainWhetherSomethingWasMissed() {
    PresenceHolder holder = door.broker.presence().hold("");
    holder.enter("r", "a", Bytes.EMPTY, Duration.ofMinutes(1)).toCompletableFuture().join();
    String seen = sequence(door.get("/v1/presence/r").body());
    try (Talk talk = new Talk(door)) {
      talk.say("{\"op\":\"attach\",\"id\":\"p\",\"presence\":\"r\",\"since\":" + seen + "}");
      assertThat(talk.hear("\"missed\":false")).contains("\"members\":[]");
      holder.leave("r", "a").toCompletableFuture().join();
      talk.hear("left");
      talk.say("{\"op\":\"attach\",\"id\":\"q\",\"presence\":\"r\",\"since\":" + seen + "}");
      talk.hear("\"missed\":true");
    }
  }

  @Test
  void refusesWhatMakesNoSenseAndGoesOn() {
    try (Talk talk = new Talk(door)) {
      for (String text :
          List.of(
              "{\"op\":\"attach\",\"id\":\"p\",\"presence\":\"a/#\"}",
              "{\"op\":\"attach\",\"id\":\"p\",\"presence\":\"a\",\"filters\":[\"a\"]}",
              "{\"op\":\"enter\",\"topic\":\"a\"}",
              "{\"op\":\"enter\",\"topic\":\"a\",\"member\":\"\"}",
              "{\"op\":\"enter\",\"topic\":\"a\",\"member\":\"x\",\"grace\":\"1h\"}",
              "{\"op\":\"enter\",\"topic\":\"a\",\"member\":\"x\",\"data\":\""
                  + "x".repeat(5_000)
                  + "\"}",
              "{\"op\":\"update\",\"topic\":\"a\",\"member\":\"x\"}",
              "{\"op\":\"leave\",\"topic\":\"a\",\"member\":\"x\"}",
              "{\"op\":\"members\",\"topic\":\"+\"}")) {
        talk.say(text);
        assertThat(talk.hear("\"op\":\"error\"")).as(text).contains("WEIR-70");
      }
      talk.say("{\"op\":\"ping\"}");
      talk.hear("pong");
    }
    assertThat(door.get("/v1/presence/a%23").statusCode()).isEqualTo(400);
    eventually("nobody is there", () -> door.get("/v1/presence/a").body().contains("[]"));
  }
}
