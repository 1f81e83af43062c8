package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.POWERLESS;
import static dev.weir.node.Guests.REVOKED;
import static dev.weir.node.Guests.ROUTER;
import static dev.weir.node.TestRoles.get;
import static dev.weir.node.TestRoles.routes;
import static dev.weir.testkit.Eventually.eventuallyPasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.ApiKey;
import dev.weir.auth.User;
import dev.weir.base.ErrorCode;
import dev.weir.node.auth.AuthFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whom a storage node with users takes for a router: who may introduce others, nobody else.
@Timeout(60)
final class NodeTalkAuthTest {
  private static final String ANNA = "Bearer " + GOOD.text();

  @TempDir Path directory;

  private TestRoles roles = new TestRoles(Path.of(""));
  private AuthFile file;
  private KvNode storage;

  @BeforeEach
  void start() throws IOException {
    roles = new TestRoles(directory);
    file = new AuthFile(directory.resolve("auth.yaml"));
    file.create(Guests.book());
    storage = roles.storage(Map.of("auth.file", file.path().toString()));
  }

  @AfterEach
  void close() {
    roles.close();
  }

  private RouterNode router(String name, ApiKey.Fresh shown) throws IOException {
    Map<String, String> settings = new HashMap<>(routes(name, 1, storage));
    settings.put(
        "router.token", Files.writeString(directory.resolve(name), shown.text()).toString());
    return roles.router(settings);
  }

  private String heard() {
    return get(storage.opsAddress(), "/status", ANNA);
  }

  private static void says(RouterNode router, String... texts) {
    eventuallyPasses(
        "its status says so",
        () -> assertThat(get(router.opsAddress(), "/status", "")).contains(texts));
  }

  @Test
  void hearsWhoMayIntroduceOthers() throws IOException {
    RouterNode router = router("r1", ROUTER);

    says(router, "\"state\":\"serving\"");
    eventuallyPasses("it is heard", () -> assertThat(heard()).contains("\"router\":\"r1\""));
  }

  @Test
  void hearsNobodyElse() throws IOException {
    says(router("powerless", POWERLESS), "\"state\":\"silent\"", ErrorCode.NOT_PERMITTED.label());
    says(router("good", GOOD), "\"state\":\"silent\"", ErrorCode.NOT_PERMITTED.label());
    says(router("revoked", REVOKED), "\"state\":\"silent\"", "UNAUTHENTICATED");

    assertThat(heard()).contains("\"announcements\":0,", "\"routers\":[]");
  }

  @Test
  void hearsNoMoreWhoseRightWasTakenAway() throws IOException {
    RouterNode router = router("r1", ROUTER);
    says(router, "\"state\":\"serving\"");

    file.change(book -> book.with(User.of("router")));

    says(router, "\"state\":\"silent\"", ErrorCode.NOT_PERMITTED.label());
    eventuallyPasses("it is forgotten", () -> assertThat(heard()).contains("\"routers\":[]"));
  }

  @Test
  void showsItsStatusToWhoMaySeeFigures() {
    assertThat(get(storage.opsAddress(), "/status", "")).contains("Unauthorized");
    assertThat(get(storage.opsAddress(), "/status", "Bearer " + POWERLESS.text()))
        .contains("Forbidden");
  }
}
