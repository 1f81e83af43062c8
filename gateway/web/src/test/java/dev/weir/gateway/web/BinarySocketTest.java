package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.broker.QueueSpec;
import dev.weir.gateway.web.json.CborReader;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.JsonValue;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `weir.bin.v1`: what sockets say in JSON, in CBOR.
@Timeout(120)
final class BinarySocketTest {
  private static final Bytes BODY = Bytes.wrap(new byte[] {0, (byte) 0xff, 1, 'x'});

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

  private static JsonFields member(JsonFields fields, String name) {
    return JsonFields.of(name, fields.any(name).orElseThrow());
  }

  private static JsonText message(JsonText json, String topic) {
    json.beginObject("message");
    if (!topic.isEmpty()) {
      json.put("topic", topic);
    }
    return json.put("body", "encoding", BODY).endObject();
  }

  @Test
  void publishesAndHearsBytesAsTheyAre() {
    try (BinaryTalk talk = new BinaryTalk(door)) {
      assertThat(talk.socket().getSubprotocol()).isEqualTo("weir.bin.v1");
      JsonFields welcome = talk.hear("welcome");
      assertThat(welcome.text("protocol")).contains("weir.bin.v1");
      assertThat(welcome.number("maxFrame", 1, 1 << 30, 0)).isPositive();
      talk.say("attach", json -> json.put("id", "s").beginArray("filters").add("a/#").endArray());
      String cursor = talk.hear("attached").requiredText("cursor");
      talk.say("publish", json -> message(json.put("ref", "1"), "a/b"));
      List<JsonFields> both = List.of(hearAny(talk), hearAny(talk));

      JsonFields heard =
          both.stream().filter(each -> each.has("message")).findFirst().orElseThrow();
      assertThat(member(heard, "message").any("body")).contains(new JsonValue.Blob(BODY));
      assertThat(both).anyMatch(each -> each.text("durability").isPresent());
      talk.say("detach", json -> json.put("id", "s"));
      assertThat(talk.hear("detached").requiredText("cursor")).isNotEqualTo(cursor);
      talk.say(
          "attach",
          json ->
              json.put("id", "t")
                  .put("from", cursor)
                  .put("credit", 1)
                  .beginArray("filters")
                  .add("a/b")
                  .endArray());
      talk.hear("attached");
      talk.hear("message");
    }
  }

  private static JsonFields hearAny(BinaryTalk talk) {
    return JsonFields.of("frame", CborReader.read(Bytes.wrap(talk.hearBytes())));
  }

  @Test
  void consumesAsksAnswersAndIsPresent() {
    door.broker.queues().create(QueueSpec.of("jobs")).toCompletableFuture().join();
    try (BinaryTalk talk = new BinaryTalk(door);
        BinaryTalk other = new BinaryTalk(door)) {
      talk.hear("welcome");
      other.hear("welcome");
      talk.say("consume", json -> json.put("id", "q").put("queue", "jobs"));
      talk.hear("consuming");
      other.say("publish", json -> message(json.put("queue", "jobs"), ""));
      other.hear("receipt");
      String lease = talk.hear("delivery").requiredText("lease");
      talk.say(
          "ack",
          json -> json.put("id", "q").put("ref", "r").beginArray("leases").add(lease).endArray());
      assertThat(talk.hear("settled").number("settled", 0, 9, 0)).isEqualTo(1);

      talk.say("serve", json -> json.put("id", "svc").put("filter", "svc"));
      talk.hear("serving");
      other.say("request", json -> message(json.put("ref", "q"), "svc"));
      long number = talk.hear("request").number("request", 1, Long.MAX_VALUE, 0);
      talk.say("reply", json -> message(json.put("id", "svc").put("request", number), ""));
      assertThat(member(other.hear("reply"), "message").any("body"))
          .contains(new JsonValue.Blob(BODY));

      talk.say("attach", json -> json.put("id", "p").put("presence", "room"));
      talk.hear("presence");
      other.say(
          "enter",
          json -> json.put("topic", "room").put("member", "m").put("data", "dataEncoding", BODY));
      assertThat(member(talk.hear("change"), "member").any("data"))
          .contains(new JsonValue.Blob(BODY));
    }
  }

  @Test
  void refusesWhatIsNotItsOwn() {
    try (BinaryTalk talk = new BinaryTalk(door)) {
      talk.say("nonsense", json -> json);
      talk.hear("welcome");
      assertThat(member(talk.hear("error"), "problem").text("code")).contains("WEIR-7002");
      talk.socket().sendText("{\"op\":\"ping\"}", true).join();
      assertThat(talk.closeCode()).isEqualTo(1003);
    }
    try (BinaryTalk talk = new BinaryTalk(door)) {
      talk.say(new byte[] {(byte) 0xbf, 0x00});
      assertThat(talk.closeCode()).isEqualTo(1007);
    }
    eventually("they are cleared away", () -> door.web.stats().sockets() == 0);
  }

  /// Whatever comes, the door answers or closes, and goes on serving others.
  @Test
  void mutatedFramesHarmNobody() {
    List<byte[]> corpus = new ArrayList<>();
    for (String op : List.of("attach", "publish", "consume", "enter", "serve", "ping", "ack")) {
      corpus.add(
          message(JsonText.cbor().beginObject().op(op).put("id", "i").put("ref", "r"), "a/b")
              .endObject()
              .bytes()
              .toArray());
    }
    ByteMutator mutator = new ByteMutator(Seeds.random("mutatedFramesHarmNobody"), corpus);
    for (int i = 0; i < 30; i++) {
      try (BinaryTalk talk = new BinaryTalk(door)) {
        for (int j = 0; j < 10 && !talk.socket().isInputClosed(); j++) {
          byte[] frame = mutator.next();
          if (!talk.socket().isOutputClosed()) {
            var _ =
                talk.socket()
                    .sendBinary(ByteBuffer.wrap(frame), true)
                    .handle((_, _) -> true)
                    .join();
          }
        }
      }
    }
    try (BinaryTalk talk = new BinaryTalk(door)) {
      talk.hear("welcome");
      talk.say("ping", json -> json.put("ref", "still here"));
      assertThat(talk.hear("pong").text("ref")).contains("still here");
    }
  }
}
