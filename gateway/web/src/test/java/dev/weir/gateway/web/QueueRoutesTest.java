package dev.weir.gateway.web;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueueRoutesTest {
  private static final Pattern LEASE = Pattern.compile("\"lease\":\"([0-9a-f]{32})\"");
  private static final Pattern BODY = Pattern.compile("\"body\":\"([^\"]*)\"");

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

  private void create(String name, String spec) {
    HttpResponse<String> answer = door.send("PUT", "/v1/queues/" + name, spec);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> pull(String queue, String query) {
    return door.post("/v1/queues/" + queue + "/pull?" + query, "");
  }

  private static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private HttpResponse<String> settle(String queue, String how, String more, List<String> leases) {
    return door.post(
        "/v1/queues/" + queue + "/" + how,
        "{" + more + "\"leases\":[\"" + String.join("\",\"", leases) + "\"]}");
  }

  private void publish(String topic, int count) {
    for (int i = 0; i < count; i++) {
      door.publish(topic, "m" + i);
    }
  }

  private String details(String queue) {
    return door.get("/v1/queues/" + queue).body();
  }

  @Test
  void createsOnceAndTellsWhatIsThere() {
    String spec =
        "{\"filters\":[\"jobs/#\"],\"ordering\":\"key\",\"lease\":\"5s\",\"maxDeliveries\":3,"
            + "\"maxLength\":9,\"overflow\":\"drop-oldest\",\"deadLetter\":\"dead\"}";
    create("dead", "");
    create("jobs", spec);
    create("jobs", spec);

    assertThat(details("jobs"))
        .contains("\"filters\":[\"jobs/#\"]", "\"ordering\":\"key\"", "\"lease\":\"5s\"")
        .contains("\"maxDeliveries\":3", "\"overflow\":\"drop-oldest\"", "\"deadLetter\":\"dead\"");
    assertThat(door.get("/v1/queues").body()).contains("\"name\":\"dead\"", "\"name\":\"jobs\"");
    assertThat(door.send("PUT", "/v1/queues/jobs", "{}").statusCode()).isEqualTo(409);
    assertThat(door.send("PUT", "/v1/queues/x", "{\"ordering\":\"none\"}").body())
        .contains("expected priority or key");
    assertThat(door.send("DELETE", "/v1/queues/jobs", "").statusCode()).isEqualTo(204);
    assertThat(door.get("/v1/queues/jobs").statusCode()).isEqualTo(404);
  }

  @Test
  void keepsALeaseBeyondTheRequestAndTheConnection() {
    create("jobs", "{\"filters\":[\"jobs\"]}");
    publish("jobs", 3);
    List<String> leases = new ArrayList<>();
    while (leases.size() < 3) {
      leases.addAll(all(LEASE, pull("jobs", "max=3&wait=10s").body()));
    }

    assertThat(
            door.exchange(
                "POST /v1/queues/jobs/ack HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\nContent-Length: "
                    + (leases.getFirst().length() + 15)
                    + "\r\n\r\n{\"leases\":[\""
                    + leases.getFirst()
                    + "\"]}"))
        .startsWith("HTTP/1.1 200");
    assertThat(settle("jobs", "ack", "", leases.subList(1, 3)).body()).contains("\"settled\":2");
    assertThat(details("jobs")).contains("\"length\":0", "\"acked\":3");
    assertThat(settle("jobs", "ack", "", leases).statusCode()).isEqualTo(409);
    eventually("the desk leaves", () -> details("jobs").contains("\"consumers\":0"));
  }

  @Test
  void waitsForAMessage() {
    create("jobs", "{\"filters\":[\"jobs\"]}");
    CompletableFuture<String> pulled =
        CompletableFuture.supplyAsync(() -> pull("jobs", "wait=20s").body());
    eventually("the pull waits", () -> details("jobs").contains("\"consumers\":1"));

    door.publish("jobs", "at last");

    assertThat(pulled.join()).contains("at last", "\"delivery\":1");
    assertThat(pull("jobs", "").body()).isEqualTo("{\"messages\":[]}");
  }

  @Test
  void handsOutAgainWhatWasNotAckedInTime() {
    create("jobs", "{\"filters\":[\"jobs\"],\"lease\":\"200ms\",\"maxDeliveries\":50}");
    door.publish("jobs", "x");
    List<String> first = all(LEASE, pull("jobs", "wait=10s").body());

    String again = pull("jobs", "wait=10s").body();

    assertThat(again).contains("\"delivery\":2");
    HttpResponse<String> late = settle("jobs", "ack", "", first);
    assertThat(late.statusCode()).isEqualTo(409);
    assertThat(late.body()).contains("WEIR-8002");
  }

  @Test
  void countsNoDeliveryWhileNobodyPulls() {
    create("dead", "");
    create(
        "jobs",
        "{\"filters\":[\"jobs\"],\"lease\":\"100ms\",\"maxDeliveries\":4,\"deadLetter\":\"dead\","
            + "\"retryBase\":\"0s\",\"retryCap\":\"0s\"}");
    publish("jobs", 5);
    List<String> leases = all(LEASE, pull("jobs", "max=1&wait=10s").body());
    assertThat(leases).hasSize(1);
    eventually("the lease ends", () -> details("jobs").contains("\"held\":0"));
    eventually("the desk leaves", () -> details("jobs").contains("\"consumers\":0"));

    assertThat(details("jobs")).contains("\"length\":5", "\"dead\":0");
    assertThat(pull("jobs", "max=1&wait=10s").body()).contains("\"delivery\":2");
    assertThat(pull("jobs", "max=1&wait=10s").body()).contains("\"delivery\":1");
  }

  @Test
  void extendsALease() {
    create("jobs", "{\"filters\":[\"jobs\"],\"lease\":\"1s\"}");
    door.publish("jobs", "x");
    List<String> lease = all(LEASE, pull("jobs", "wait=10s").body());

    HttpResponse<String> extended = settle("jobs", "extend", "\"time\":\"10m\",", lease);

    assertThat(extended.body()).contains("\"settled\":1");
    long end = System.nanoTime() + 1_500_000_000L;
    eventually("the first lease would be over", () -> System.nanoTime() > end);
    assertThat(settle("jobs", "ack", "", lease).statusCode()).isEqualTo(200);
  }

  @Test
  void takesBackRejectsAndRedrives() {
    create("dead", "");
    create("jobs", "{\"filters\":[\"jobs\"],\"deadLetter\":\"dead\"}");
    publish("jobs", 2);
    List<String> first = all(LEASE, pull("jobs", "wait=10s").body());
    settle("jobs", "nack", "\"delay\":\"0s\",", first);
    List<String> again = all(LEASE, pull("jobs", "wait=10s").body());

    assertThat(settle("jobs", "reject", "", again).body()).contains("\"settled\":1");
    assertThat(door.get("/v1/queues/dead/messages").body()).contains("\"body\":\"m0\"");
    String dead = pull("dead", "wait=10s").body();
    settle("dead", "nack", "\"delay\":\"0s\",", all(LEASE, dead));
    assertThat(dead).contains("\"queue\":\"jobs\"", "\"reason\":\"rejected\"", "\"deliveries\":2");
    assertThat(door.post("/v1/queues/dead/redrive?to=jobs", "").body()).contains("\"moved\":1");
    assertThat(details("jobs")).contains("\"length\":2");
    assertThat(door.send("DELETE", "/v1/queues/jobs/messages", "").body()).contains("\"purged\":2");
  }

  @Test
  void publishesIntoOneQueue() {
    create("jobs", "");

    assertThat(door.post("/v1/queues/jobs/messages", "x", "Weir-Priority", "9").statusCode())
        .isEqualTo(200);
    assertThat(pull("jobs", "wait=10s").body())
        .contains("\"topic\":\"$queue/jobs\"", "\"priority\":9");
    assertThat(door.post("/v1/queues/none/messages", "x").statusCode()).isEqualTo(404);
  }

  @Test
  void givesBackWhatWasPulledByAClientThatLeft() throws IOException {
    create("jobs", "{\"filters\":[\"jobs\"]}");
    try (Socket socket = door.socket()) {
      socket
          .getOutputStream()
          .write(
              "POST /v1/queues/jobs/pull?wait=30s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      eventually("the pull waits", () -> details("jobs").contains("\"consumers\":1"));
    }
    eventually("the desk leaves", () -> details("jobs").contains("\"consumers\":0"));

    door.publish("jobs", "x");

    assertThat(pull("jobs", "wait=10s").body()).contains("\"delivery\":1");
  }

  @Test
  void aLeaseSaysNothingOfAnother() {
    create("jobs", "{\"filters\":[\"jobs\"]}");
    publish("jobs", 2);
    List<String> leases = new ArrayList<>();
    eventually(
        "both are held",
        () ->
            leases.addAll(all(LEASE, pull("jobs", "max=2&wait=1s").body())) && leases.size() == 2);

    for (int i = 0; i < leases.getFirst().length(); i += 8) {
      assertThat(leases.get(0).substring(i, i + 8)).isNotEqualTo(leases.get(1).substring(i, i + 8));
    }
  }

  @Test
  void givesEachMessageToOneOfManyWorkersOnce() throws Exception {
    create("jobs", "{\"filters\":[\"jobs\"]}");
    int count = 400;
    List<String> done = new CopyOnWriteArrayList<>();
    List<String> deliveries = new CopyOnWriteArrayList<>();
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        int max = 1 + i * 4;
        var _ =
            workers.submit(() -> {
              while (done.size() < count) {
                String pulled = pull("jobs", "max=" + max + "&wait=100ms").body();
                List<String> leases = all(LEASE, pulled);
                if (!leases.isEmpty()) {
                  settle("jobs", "ack", "", leases);
                  done.addAll(all(BODY, pulled));
                  deliveries.addAll(all(Pattern.compile("\"delivery\":(\\d+)"), pulled));
                }
              }
              return null;
            });
      }
      publish("jobs", count);
    }

    assertThat(done).hasSize(count).doesNotHaveDuplicates();
    assertThat(deliveries).containsOnly("1");
    assertThat(Collections.unmodifiableList(done)).contains("m0", "m" + (count - 1));
    assertThat(details("jobs")).contains("\"acked\":" + count, "\"length\":0", "\"dead\":0");
  }

  @Test
  void endsWaitingPullsWithTheQueue() {
    create("jobs", "");
    CompletableFuture<HttpResponse<String>> pulled =
        CompletableFuture.supplyAsync(() -> pull("jobs", "wait=20s"));
    eventually("the pull waits", () -> details("jobs").contains("\"consumers\":1"));

    door.send("DELETE", "/v1/queues/jobs", "");

    assertThat(pulled.join().statusCode()).isEqualTo(404);
    create("jobs", "{\"filters\":[\"jobs\"]}");
    door.publish("jobs", "another life");
    assertThat(pull("jobs", "wait=10s").body()).contains("another life");
  }
}
