package dev.weir.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that others wrote: curl, and python3-websockets of Debian (`quality/test.sh` installs
/// it).
final class StrangersTest {
  private static final String SCRIPT =
      """
      import asyncio, json, sys, websockets
      async def main(port):
          url = f"ws://127.0.0.1:{port}/v1/ws"
          async with websockets.connect(url, subprotocols=["weir.json.v1"]) as ws:
              async def say(**fields):
                  await ws.send(json.dumps(fields))
              async def hear(op):
                  heard = json.loads(await ws.recv())
                  assert heard["op"] == op, heard
                  return heard
              await hear("welcome")
              await say(op="attach", id="s", filters=["py/#"])
              await hear("attached")
              large = "ä" * 200_000
              for body in ["one", large, {"n": [1, 2]}]:
                  await say(op="publish", ref="r", message={"topic": "py/x", "body": body})
                  heard = [json.loads(await ws.recv()) for _ in range(2)]
                  message = next(h["message"] for h in heard if h["op"] == "message")
                  receipt = next(h for h in heard if h["op"] == "receipt")
                  assert receipt["durability"] == "durable" and receipt["ref"] == "r", receipt
                  got = message["body"] if isinstance(body, str) else json.loads(message["body"])
                  assert got == body, got
              pong = await ws.ping()
              await pong
              await say(op="consume", id="q", queue="jobs", prefetch=5)
              await hear("consuming")
              for i in range(20):
                  delivery = await hear("delivery")
                  assert delivery["message"]["body"] == f"job {i}", delivery
                  await say(op="ack", id="q", leases=[delivery["lease"]])
              await say(op="detach", id="q")
              await hear("detached")
              await ws.send(b"\\x00")
              try:
                  await ws.recv()
              except websockets.ConnectionClosed as closed:
                  assert closed.rcvd.code == 1003, closed
          print("all is well")
      asyncio.run(main(int(sys.argv[1])))
      """;

  @TempDir Path directory;
  private Door door;

  @BeforeEach
  void open() {
    door = new Door(directory.resolve("data"));
  }

  @AfterEach
  void close() {
    door.close();
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(String.join(" ", command)).isTrue();
      return Files.readString(out, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void pythonSpeaksWebSocketWithIt() throws Exception {
    door.send("PUT", "/v1/queues/jobs", "{\"filters\":[\"jobs\"],\"ordering\":\"key\"}");
    for (int i = 0; i < 20; i++) {
      door.publish("jobs", "job " + i);
    }
    Path script = Files.writeString(directory.resolve("talk.py"), SCRIPT);

    String said = run("/usr/bin/python3", script.toString(), Integer.toString(door.port.port()));

    assertThat(said).as("python3-websockets").isEqualTo("all is well\n");
    assertThat(door.get("/v1/queues/jobs").body()).contains("\"acked\":20,");
  }

  @Test
  void curlPublishesReadsAndFollows() throws Exception {
    String base = door.uri("").toString();
    Path large = Files.write(directory.resolve("large"), new byte[1 << 20]);
    Path larger = Files.write(directory.resolve("larger"), new byte[(1 << 20) + 1]);

    assertThat(run("curl", "-sS", base + "/v1/topics/a/b", "-d", "hello"))
        .contains("\"durability\":\"durable\"");
    assertThat(run("curl", "-sS", base + "/v1/topics/a/large", "--data-binary", "@" + large))
        .contains("main/0@1");
    assertThat(run("curl", "-sS", base + "/v1/topics/a/large", "--data-binary", "@" + larger))
        .contains("WEIR-7003");
    assertThat(
            run(
                "curl",
                "-sS",
                "-H",
                "Expect:",
                "-H",
                "Transfer-Encoding: chunked",
                base + "/v1/topics/a/large",
                "--data-binary",
                "@" + larger))
        .contains("WEIR-7003");
    assertThat(run("curl", "-sSN", base + "/v1/subscribe?filter=a/+&from=first&end=tail"))
        .contains("event: opened", "\"body\":\"hello\"", "event: end");
    assertThat(run("curl", "-sS", "-I", base + "/v1/topics/a/%23?limit=1"))
        .contains("HTTP/1.1 200", "rel=\"next\"");
  }
}
