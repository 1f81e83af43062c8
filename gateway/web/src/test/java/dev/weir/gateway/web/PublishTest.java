package dev.weir.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.broker.Start;
import dev.weir.broker.SubscriptionRequest;
import dev.weir.message.Message;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PublishTest {
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

  private List<Message> stored(String filter) {
    return Stored.read(door.broker, SubscriptionRequest.of(filter, new Start.First()));
  }

  @Test
  void answersWithTheReceiptOnceTheMessageIsDurable() {
    HttpResponse<String> answer = door.post("/v1/topics/a/b", "hello");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"durability\":\"durable\"", "\"position\":\"main/0@0\"", "\"cursor\":\"w1")
        .contains("\"duplicate\":false");
    assertThat(stored("a/b")).extracting(m -> m.body().utf8()).containsExactly("hello");
  }

  @Test
  void carriesEveryPropertyOfAMessage() {
    HttpResponse<String> answer =
        door.post(
            "/v1/topics/a/b",
            "{}",
            "Content-Type",
            "application/json",
            "Weir-Key",
            "customer-7",
            "Weir-Ttl",
            "10m",
            "Weir-Delay",
            "1s",
            "Weir-Priority",
            "9",
            "Weir-Header-Lang",
            "de",
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "Idempotency-Key",
            "k-1");

    assertThat(answer.statusCode()).isEqualTo(200);
    Message message = stored("a/b").getFirst();
    assertThat(message.contentType()).isEqualTo("application/json");
    assertThat(message.key()).isEqualTo(Bytes.utf8("customer-7"));
    assertThat(message.id()).isEqualTo(Bytes.utf8("k-1"));
    assertThat(message.ttl()).isEqualTo(Duration.ofMinutes(10));
    assertThat(message.delay()).isEqualTo(Duration.ofSeconds(1));
    assertThat(message.priority()).isEqualTo(9);
    assertThat(message.headers())
        .containsEntry("lang", "de")
        .containsEntry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  }

  @Test
  void storesARepeatedRequestOnceAndGivesTheSameReceipt() {
    HttpResponse<String> first = door.post("/v1/topics/a", "x", "Idempotency-Key", "once");
    HttpResponse<String> second = door.post("/v1/topics/a", "x", "Idempotency-Key", "once");

    assertThat(second.body()).isEqualTo(first.body().replace("false", "true"));
    assertThat(stored("a")).hasSize(1);
  }

  @Test
  void storesARepeatedBatchOnce() {
    String batch = "[{\"topic\":\"a\",\"body\":\"1\"},{\"topic\":\"a\",\"body\":\"2\"}]";

    door.post("/v1/publish", batch, "Idempotency-Key", "batch");
    HttpResponse<String> again = door.post("/v1/publish", batch, "Idempotency-Key", "batch");

    assertThat(again.body()).contains("\"duplicate\":true").doesNotContain("\"duplicate\":false");
    assertThat(stored("a")).hasSize(2);
  }

  @Test
  void publishesLinesOfJsonInOrder() {
    String lines =
        "{\"topic\":\"a\",\"body\":\"1\"}\n\n{\"topic\":\"a\",\"body\":{\"n\":[2,null]}}\r\n"
            + "{\"topic\":\"a\",\"body\":\"/w==\",\"encoding\":\"base64\"}";

    HttpResponse<String> answer =
        door.post("/v1/publish", lines, "Content-Type", "application/x-ndjson");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"stored\":3");
    assertThat(stored("a"))
        .extracting(Message::body)
        .containsExactly(
            Bytes.utf8("1"), Bytes.utf8("{\"n\":[2,null]}"), Bytes.wrap(new byte[] {(byte) 0xff}));
    assertThat(stored("a").get(1).contentType()).isEqualTo("application/json");
  }

  @Test
  void publishesNothingOfABatchThatCannotBeRead() {
    HttpResponse<String> answer =
        door.post("/v1/publish", "[{\"topic\":\"a\"},{\"topic\":\"a/#\"}]");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("WEIR-7007", "Message 1:");
    assertThat(stored("#")).isEmpty();
  }

  @Test
  void tellsForEachMessageOfABatchWhatBecameOfIt() {
    String large = "x".repeat((1 << 20) + 1);

    HttpResponse<String> answer =
        door.post(
            "/v1/publish", "[{\"topic\":\"a\",\"body\":\"" + large + "\"},{\"topic\":\"a\"}]");

    assertThat(answer.statusCode()).isEqualTo(207);
    assertThat(answer.body()).contains("\"code\":\"WEIR-7003\"", "\"stored\":1");
    assertThat(stored("a")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/topics/a/b, a/b",
    "/v1/topics/a%2Fb, a/b",
    "/v1/topics/a//b, a//b",
    "/v1/topics/a/, a/",
    "/v1/topics/%C3%A4%20b/c+d, Unresolvable",
    "/v1/topics/%24queue%2Fnone, ''",
  })
  void readsTopicsFromThePath(String path, String topic) {
    HttpResponse<String> answer = door.post(path, "x");

    if (topic.isEmpty()) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("There is no queue 'none'");
    } else if (path.contains("+")) {
      assertThat(answer.statusCode()).isEqualTo(400); // A plus is a plus, a wildcard.
      assertThat(answer.body()).contains("ä b/c+d");
    } else {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(stored("#")).extracting(Message::topic).containsExactly(topic);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Weir-Priority | 10 | expected 0 to 9",
        "Weir-Ttl | soon | expected a duration",
        "Weir-Colour | red | not known",
        "Weir-Ttl | 900000000d | ttl is",
      })
  void refusesHeadersThatMeanNothing(String name, String value, String said) {
    HttpResponse<String> answer = door.post("/v1/topics/a", "x", name, value);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains(said, "WEIR-7002", "\"fix\":");
    assertThat(stored("#")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | 0 messages",
        "{} | expected an array",
        "[1] | expected an object",
        "[{}] | 'topic' is missing",
        "[{\"topic\":1}] | expected a string",
        "[{\"topic\":\"a\",\"topic\":\"b\"}] | uplicate",
        "[{\"topic\":\"a\",\"colour\":1}] | 'colour' is not known",
        "[{\"topic\":\"a\",\"priority\":10}] | expected 0 to 9",
        "[{\"topic\":\"a\",\"encoding\":\"rot13\"}] | expected utf8 or base64",
        "[{\"topic\":\"a\",\"encoding\":\"base64\",\"body\":\"%\"}] | not base64",
        "[{\"topic\":\"a\"}] 1 | follows",
        "[{\"topic\": | not JSON",
      })
  void refusesBatchesThatMeanNothing(String body, String said) {
    HttpResponse<String> answer = door.post("/v1/publish", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(said);
  }

  @Test
  void boundsTheTreeThatAJsonTextBecomes() {
    assertThat(door.post("/v1/publish", "[".repeat(1_000)).statusCode()).isEqualTo(413);
    assertThat(door.post("/v1/publish", "[" + "1,".repeat(300_000) + "1]").statusCode())
        .isEqualTo(413);
    assertThat(door.web.stats().heldBytes()).isZero();
  }

  @Test
  void saysThatTheCoreIsClosingAndWhenToComeBack() {
    door.web.close();

    HttpResponse<String> answer = door.post("/v1/topics/a", "x");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
  }
}
