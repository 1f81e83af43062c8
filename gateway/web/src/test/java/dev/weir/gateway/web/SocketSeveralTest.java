package dev.weir.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.broker.QueueSpec;
import dev.weir.gateway.web.json.CborReader;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonReader;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Frames that carry several objects, in both protocols.
final class SocketSeveralTest {
  @TempDir Path directory;
  private Door door;

  @BeforeEach
  void open() {
    door = new Door(directory);
    QueueSpec jobs = QueueSpec.of("jobs").withFilters("jobs");
    door.broker.queues().create(jobs).toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    door.close();
  }

  /// What is heard, object by object, however it was put into frames.
  private static final class Hearing {
    private final Supplier<JsonValue> frames;
    private final Deque<JsonFields> objects = new ArrayDeque<>();
    private int frameCount;

    Hearing(Supplier<JsonValue> frames) {
      this.frames = frames;
    }

    JsonFields next() {
      while (objects.isEmpty()) {
        JsonValue frame = frames.get();
        frameCount++;
        if (frame instanceof JsonValue.Items(List<JsonValue> items)) {
          items.forEach(item -> objects.add(JsonFields.of("It", item)));
        } else {
          objects.add(JsonFields.of("It", frame));
        }
      }
      return objects.removeFirst();
    }

    /// The next so many of one op; others are passed over.
    List<JsonFields> next(int count, String op) {
      List<JsonFields> found = new ArrayList<>();
      while (found.size() < count) {
        JsonFields object = next();
        assertThat(object.requiredText("op")).isNotEqualTo("error");
        if (object.requiredText("op").equals(op)) {
          found.add(object);
        }
      }
      return found;
    }
  }

  private static Hearing hearing(Talk talk) {
    return new Hearing(() -> JsonReader.read(Bytes.utf8(talk.hear("op"))));
  }

  private static String publishes(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i ->
            "{\"op\":\"publish\",\"ref\":\"p%d\",\"message\":{\"topic\":\"jobs\",\"body\":\"%d\"}}"
                .formatted(i, i))
        .collect(Collectors.joining(","));
  }

  @Test
  void publishesConsumesAndAcksInFramesOfSeveral() {
    try (Talk talk = new Talk(door)) {
      Hearing hearing = hearing(talk);
      talk.say("[" + publishes(0, 600) + "]"); // More than may be under way at a time.

      List<JsonFields> receipts = hearing.next(600, "receipt");
      assertThat(receipts)
          .extracting(receipt -> receipt.requiredText("ref"))
          .containsExactlyElementsOf(IntStream.range(0, 600).mapToObj(i -> "p" + i).toList());
      assertThat(receipts)
          .extracting(receipt -> receipt.requiredText("position"))
          .containsExactlyElementsOf(IntStream.range(0, 600).mapToObj(i -> "main/0@" + i).toList());
      assertThat(hearing.frameCount).isLessThan(300);

      talk.say("[{\"op\":\"consume\",\"id\":\"q\",\"queue\":\"jobs\",\"prefetch\":256}]");
      int before = hearing.frameCount;
      List<String> leases =
          hearing.next(256, "delivery").stream()
              .map(delivery -> delivery.requiredText("lease"))
              .toList();
      assertThat(hearing.frameCount - before).isLessThan(128);
      talk.say(
          "{\"op\":\"ack\",\"id\":\"q\",\"ref\":\"a\",\"leases\":[\""
              + String.join("\",\"", leases)
              + "\"]}");
      assertThat(hearing.next(1, "settled").getFirst().number("settled", 0, 999, 0)).isEqualTo(256);
    }
  }

  @Test
  void saysOneObjectInAFrameToWhoNeverSaidSeveral() {
    try (Talk talk = new Talk(door)) {
      talk.say("{\"op\":\"consume\",\"id\":\"q\",\"queue\":\"jobs\",\"prefetch\":100}");
      for (int i = 0; i < 100; i++) {
        door.publish("jobs", "" + i);
      }

      for (int i = 0; i < 101; i++) {
        assertThat(talk.hear("\"op\":\"")).startsWith("{");
      }
    }
  }

  @Test
  void refusesOneOfSeveralAlone() {
    try (Talk talk = new Talk(door)) {
      Hearing hearing = hearing(talk);
      talk.say(
          "["
              + publishes(0, 2)
              + ",{\"op\":\"publish\",\"ref\":\"bad\",\"message\":{\"topic\":\"+\"}},"
              + "{\"op\":\"dance\",\"ref\":\"worse\"},"
              + publishes(2, 2)
              + ",{\"op\":\"ping\",\"ref\":\"last\"}]");

      List<String> heard = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        JsonFields object = hearing.next();
        heard.add(object.requiredText("op") + " " + object.requiredText("ref"));
      }
      assertThat(heard)
          .containsExactlyInAnyOrder(
              "receipt p0",
              "receipt p1",
              "error bad",
              "error worse",
              "receipt p2",
              "receipt p3",
              "pong last");
    }
    assertThat(door.web.stats().heldBytes()).isZero();
  }

  @Test
  void takesAnEmptyFrameAndRefusesWhatIsNone() {
    try (Talk talk = new Talk(door)) {
      talk.say("[]");
      talk.say("{\"op\":\"ping\"}");
      talk.hear("pong");
    }
    for (String wrong :
        List.of("[1]", "[[]]", "[{\"op\":\"ping\"},null]", "[" + pings(1_001) + "]")) {
      try (Talk talk = new Talk(door)) {
        talk.say(wrong);

        assertThat(talk.closeCode()).as(wrong.substring(0, 3)).isEqualTo(1007);
        assertThat(talk.reason()).startsWith("WEIR-");
      }
    }
    try (Talk talk = new Talk(door)) {
      talk.say("[" + pings(1_000) + "]");
      assertThat(hearing(talk).next(1_000, "pong")).hasSize(1_000);
    }
  }

  private static String pings(int count) {
    return String.join(",", Collections.nCopies(count, "{\"op\":\"ping\"}"));
  }

  @Test
  void saysSeveralInCborAsWell() {
    try (BinaryTalk talk = new BinaryTalk(door)) {
      Hearing hearing = new Hearing(() -> CborReader.read(Bytes.wrap(talk.hearBytes())));
      JsonFields welcome = hearing.next(1, "welcome").getFirst();
      assertThat(welcome.number("maxObjects", 0, 9_999, 0)).isEqualTo(1_000);
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      frame.write(0x98); // An array whose length is the next byte.
      frame.write(200);
      for (int i = 0; i < 200; i++) {
        frame.writeBytes(
            JsonText.cbor()
                .beginObject()
                .op("publish")
                .put("ref", "p" + i)
                .beginObject("message")
                .put("topic", "jobs")
                .put("body", "" + i)
                .endObject()
                .endObject()
                .bytes()
                .toArray());
      }
      talk.say(frame.toByteArray());

      assertThat(hearing.next(200, "receipt"))
          .extracting(receipt -> receipt.requiredText("ref"))
          .containsExactlyElementsOf(IntStream.range(0, 200).mapToObj(i -> "p" + i).toList());
      assertThat(hearing.frameCount).isLessThan(100);
    }
  }
}
