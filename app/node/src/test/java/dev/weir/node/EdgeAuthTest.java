package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.POWERLESS;
import static dev.weir.node.Guests.REVOKED;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.message.TopicFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A whole edge at a core that asks who comes.
final class EdgeAuthTest {
  @TempDir private Path directory;

  private AuthCore core;
  private Path token;

  @BeforeEach
  void start() throws IOException {
    core = new AuthCore(directory);
    token = directory.resolve("token");
    Files.writeString(directory.resolve("app.log"), "a line\n");
  }

  @AfterEach
  void close() {
    core.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"weir", "wire", "grpc"})
  void shipsWithATokenWhoseUserMayPublish(String scheme) throws IOException {
    Files.writeString(token, GOOD.text() + "\n");

    try (EdgeNode _ = edge(scheme, Map.of("edge.token", token.toString()))) {
      eventually("the line is at the core", () -> stored() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"wire", "grpc"})
  void shipsNothingMoreOnceItsTokenIsTakenBack(String scheme) throws IOException {
    Files.writeString(token, GOOD.text() + "\n");
    try (EdgeNode _ = edge(scheme, Map.of("edge.token", token.toString()))) {
      eventually("the line is at the core", () -> stored() == 1);

      core.file().change(book -> book.with(GOOD.key().revoked()));
      eventually("it was cut, and refused", () -> audit().contains("WEIR-3006"));
      Files.writeString(directory.resolve("app.log"), "another\n", StandardOpenOption.APPEND);
      ApiKey.Fresh renewed = Guests.key("anna", Identity.NEVER);
      Files.writeString(token, renewed.text());
      eventually("it is not known yet", () -> audit().contains("WEIR-3002"));
      assertThat(stored()).isEqualTo(1);
      core.file().change(book -> book.with(renewed.key()));

      eventually("the other line is at the core", () -> stored() == 2);
    }
  }

  /// Who is known and may publish nothing is let in; what it sends waits until it may.
  @ParameterizedTest
  @ValueSource(strings = {"wire", "grpc"})
  void shipsNothingThatItsUserMayNotPublish(String scheme) throws IOException {
    Files.writeString(token, POWERLESS.text());
    try (EdgeNode _ = edge(scheme, Map.of("edge.token", token.toString()))) {
      eventually("it was refused", () -> audit().contains("no rule allows it"));
      assertThat(stored()).isZero();

      core.file().change(EdgeAuthTest::lettingBertPublish);

      eventually("the line is at the core", () -> stored() == 1);
    }
  }

  private static String status(EdgeNode edge) {
    return String.valueOf(edge.stats().link().state());
  }

  private static AuthBook lettingBertPublish(AuthBook book) {
    return book.with(User.of("bert").withRules(List.of(Rule.allow(Set.of(Action.PUBLISH), "a/#"))));
  }

  /// The router knows the edge, and the core believes the router.
  @Test
  void shipsThroughARouterByItsOwnRights() throws IOException {
    Files.writeString(token, POWERLESS.text());
    try (NodeRig nodes = new NodeRig(Files.createDirectory(directory.resolve("router")))) {
      NodeRig.Listening router = nodes.router(core.node().address(), nodes.withAuth(Map.of()));
      try (EdgeNode _ =
          edgeTo("wire://" + router.address(), Map.of("edge.token", token.toString()))) {
        eventually("bert was refused", () -> audit().contains("no rule allows it"));
        assertThat(audit()).contains("\"bert\"");
        assertThat(stored()).isZero();

        Files.writeString(token, GOOD.text());
        core.file().change(EdgeAuthTest::lettingBertPublish);

        eventually("the line is at the core", () -> stored() == 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shipsNothingThroughARouterWithoutARightToComeIn(boolean isKnownToRouter) throws IOException {
    Files.writeString(token, isKnownToRouter ? REVOKED.text() : GOOD.text());
    try (NodeRig nodes = new NodeRig(Files.createDirectory(directory.resolve("router")))) {
      Map<String, String> settings = isKnownToRouter ? nodes.withAuth(Map.of()) : Map.of();
      NodeRig.Listening router = nodes.router(core.node().address(), settings);
      try (EdgeNode edge =
          edgeTo("wire://" + router.address(), Map.of("edge.token", token.toString()))) {
        String why = isKnownToRouter ? "WEIR-3006" : "WEIR-3004";
        eventually("it was told why", () -> status(edge).contains(why));

        assertThat(stored()).isZero();
      }
    }
  }

  private String audit() throws IOException {
    return Files.readString(directory.resolve("audit.jsonl"));
  }

  @Test
  void keepsWhatIsRefusedAndShowsARenewedToken() throws IOException {
    Files.writeString(token, REVOKED.text());

    try (EdgeNode _ = edge(Map.of("edge.token", token.toString()))) {
      eventually(
          "it was refused",
          () -> Files.readString(directory.resolve("audit.jsonl")).contains("WEIR-3006"));
      assertThat(stored()).isZero();

      Files.writeString(token, GOOD.text());

      eventually("the line is at the core", () -> stored() == 1);
    }
  }

  @Test
  void shipsNothingWithoutAToken() throws IOException {
    try (EdgeNode _ = edge(Map.of())) {
      eventually(
          "it was refused",
          () -> Files.readString(directory.resolve("audit.jsonl")).contains("WEIR-3004"));

      assertThat(stored()).isZero();
    }
  }

  @Test
  void doesNotStartWithoutTheFileThatItsConfigurationNames() {
    assertThatThrownBy(() -> edge(Map.of("edge.token", token.toString())))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_ENVIRONMENT));
  }

  private long stored() {
    return core.node().broker().topics(TopicFilter.parse("a/log"), 10).topics().stream()
        .mapToLong(topic -> topic.messages())
        .sum();
  }

  private EdgeNode edge(Map<String, String> more) throws IOException {
    return edge("weir", more);
  }

  private EdgeNode edge(String scheme, Map<String, String> more) throws IOException {
    return edgeTo(scheme + "://" + core.node().address(), more);
  }

  private EdgeNode edgeTo(String target, Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("edge.to", target);
    settings.put("edge.topic", "a/log");
    settings.put("edge.ops", "127.0.0.1:0");
    settings.put("edge.spool.dir", directory.resolve("spool").toString());
    settings.put("edge.spool.freeDiskFloor", "0B");
    settings.put("edge.inputs.0.type", "file");
    settings.put("edge.inputs.0.paths.0", directory.resolve("app.log").toString());
    LoadResult loaded =
        ConfigLoader.load(List.of(), Map.of(), settings, new LoadScope(LoadScope.Role.EDGE, false));
    return EdgeNode.start(
        ((LoadResult.Loaded) loaded).config(), InputStream.nullInputStream(), "test", Clock.SYSTEM);
  }
}
