package dev.weir.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.web.http.OriginPolicy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginsTest {
  private static final OriginPolicy LOOPBACK =
      new OriginPolicy(List.of("https://app.example", "http://[2001:db8::1]:8080"), true);
  private static final OriginPolicy OPEN = new OriginPolicy(List.of(), false);
  private static final OriginPolicy ANY = new OriginPolicy(List.of("*"), true);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    // origin, host, on the loopback, beyond it, every page
    "'', 127.0.0.1:4750, true, true, true",
    "'', localhost, true, true, true",
    "'', LOCALHOST:4750, true, true, true",
    "'', [::1]:4750, true, true, true",
    "'', core.example:4750, false, true, false",
    "'', app.example, true, true, false",
    "'', '', true, true, true",
    "http://127.0.0.1:4750, 127.0.0.1:4750, true, true, true",
    "http://127.0.0.1:4751, 127.0.0.1:4750, false, false, true",
    "https://app.example, 127.0.0.1:4750, true, false, true",
    "https://app.example:444, 127.0.0.1:4750, false, false, true",
    "https://evil.example, 127.0.0.1:4750, false, false, true",
    "http://evil.example:4750, evil.example:4750, false, true, false",
    "null, localhost, false, false, true",
  })
  void judgesPagesByTheirOriginAndTheNameOfTheCore(
      String origin, String host, boolean onLoopback, boolean beyond, boolean any) {
    String asked = origin.isEmpty() ? null : origin;
    String named = host.isEmpty() ? null : host;

    assertThat(LOOPBACK.judge(asked, named).isEmpty()).isEqualTo(onLoopback);
    assertThat(OPEN.judge(asked, named).isEmpty()).isEqualTo(beyond);
    assertThat(ANY.judge(asked, named).isEmpty()).isEqualTo(any);
  }

  @Test
  void letsConfiguredPagesIn() {
    try (Door door = new Door(directory, Door.LIMITS, "https://app.example")) {
      String preflight =
          door.exchange(
              Door.head(
                  "OPTIONS /v1/topics/a HTTP/1.1",
                  "Host: localhost",
                  "Origin: https://app.example",
                  "Access-Control-Request-Method: POST",
                  "Connection: close"));
      var published = door.post("/v1/topics/a", "x", "Origin", "https://app.example");
      var foreign = door.post("/v1/topics/a", "x", "Origin", "https://evil.example");

      assertThat(preflight)
          .startsWith("HTTP/1.1 200")
          .contains("access-control-allow-origin: https://app.example")
          .contains("weir-key");
      assertThat(published.headers().firstValue("access-control-allow-origin"))
          .hasValue("https://app.example");
      assertThat(foreign.statusCode()).isEqualTo(403);
      assertThat(foreign.body()).contains("WEIR-3101", "server.web.origins");
      assertThat(foreign.headers().firstValue("access-control-allow-origin")).isEmpty();
      assertThat(door.get("/v1/topics").body()).contains("\"messages\":1");
    }
  }
}
