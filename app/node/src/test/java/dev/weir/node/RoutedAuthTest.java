package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.node.Guests.POWERLESS;
import static dev.weir.node.Guests.ROUTER;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.Identity;
import dev.weir.auth.Introduction;
import dev.weir.auth.Origin;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.ConfigLoader;
import dev.weir.config.LoadResult;
import dev.weir.config.LoadScope;
import dev.weir.config.WeirConfig;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.KvEvent;
import dev.weir.kv.KvServer;
import dev.weir.kv.KvWatcher;
import dev.weir.node.auth.AuthFile;
import dev.weir.router.ClientNames;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A router and the storage node behind it, each with the users of one file: a client is judged by
/// its own rights, and never becomes the router.
@Timeout(60)
final class RoutedAuthTest {
  private static final Bytes KEY = Bytes.utf8("key");
  private static final Bytes VALUE = Bytes.utf8("value");

  /// Version, operation, the bucket `a`, no prefix, from the beginning.
  private static final byte[] WATCH = {1, 7, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  @TempDir Path directory;

  private AuthFile file;
  private KvNode storage;
  private RouterNode router;
  private WireClients clients;

  @BeforeEach
  void start() throws IOException {
    file = new AuthFile(directory.resolve("auth.yaml"));
    file.create(Guests.book());
    clients = new WireClients();
    storage = KvNode.start(config(Map.of("server.role", "storage")), "test", Clock.SYSTEM);
    router = router(Map.of("auth.file", file.path().toString()));
  }

  @AfterEach
  void stop() {
    clients.close();
    router.close();
    storage.close();
  }

  private RouterNode router(Map<String, String> more) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), ROUTER.text());
    Map<String, String> settings = new HashMap<>(more);
    settings.put("server.role", "router");
    settings.put("router.token", token.toString());
    settings.put("router.storages.0.name", "one");
    settings.put("router.storages.0.address", storage.address().toString());
    return RouterNode.start(config(settings), "test");
  }

  private WeirConfig config(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("server.listen", "127.0.0.1:0");
    settings.put("server.ops", "127.0.0.1:0");
    settings.put("server.dataDir", directory.resolve("data").toString());
    if ("storage".equals(more.get("server.role"))) {
      settings.put("auth.file", file.path().toString());
      settings.put("auth.audit", directory.resolve("audit.jsonl").toString());
    }
    LoadResult loaded =
        ConfigLoader.load(List.of(), Map.of(), settings, new LoadScope(LoadScope.Role.CORE, false));
    return switch (loaded) {
      case LoadResult.Loaded known -> known.config();
      case LoadResult.Refused(var mistakes) -> throw new IllegalStateException("" + mistakes);
    };
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void servesEachByItsOwnRights() throws Exception {
    BlockingKv anna = clients.blocking(router.address(), GOOD.text());

    anna.put("a", KEY, VALUE);

    assertThat(anna.get("a", KEY)).isPresent();
    assertThat(anna.keys("a", Bytes.EMPTY, Bytes.EMPTY, 10)).hasSize(1);
    refused(ErrorCode.NOT_PERMITTED, () -> anna.put("b", KEY, VALUE));
    refused(
        ErrorCode.NOT_PERMITTED,
        () -> clients.blocking(router.address(), POWERLESS.text()).get("a", KEY));
    assertThat(Files.readString(directory.resolve("audit.jsonl"))).contains("\"bert\"");
  }

  @ParameterizedTest
  @EnumSource(
      value = Shown.class,
      names = {"NONSENSE", "WRONG_PASSWORD"},
      mode = EnumSource.Mode.EXCLUDE)
  void opensNoBucketFor(Shown shown) {
    BlockingKv kv =
        clients.blocking(router.address(), shown.authorization().replace("Bearer ", ""));

    refused(shown.code(), () -> kv.put("a", KEY, VALUE));
    refused(shown.code(), () -> kv.get("a", KEY));
  }

  @Test
  void endsWhatStandsWhenTheKeyIsTakenBack() throws Exception {
    Watched watched = new Watched();
    var _ = clients.client(router.address(), GOOD.text()).watch("a", Bytes.EMPTY, 0, watched);
    eventually("it is open", () -> watched.count > 0);

    file.change(book -> book.with(GOOD.key().revoked()));

    eventually("the watch is over", () -> watched.fault != null);
    assertThat(Objects.requireNonNull(watched.fault).code())
        .isEqualTo(ErrorCode.CREDENTIALS_REVOKED);
  }

  @Test
  void letsNobodyInThroughARouterThatKnowsNobody() throws Exception {
    try (RouterNode open = router(Map.of())) {
      BlockingKv anna = clients.blocking(open.address(), GOOD.text());

      refused(ErrorCode.CREDENTIALS_MISSING, () -> anna.get("a", KEY));
    }
  }

  @Test
  void lendsTheRoutersOwnKeyNoBucket() {
    BlockingKv kv = clients.blocking(storage.address(), ROUTER.text());

    refused(ErrorCode.NOT_PERMITTED, () -> kv.put("a", KEY, VALUE));
  }

  /// Who introduces itself as another is judged by its own rights at the router, and refused at the
  /// storage node.
  @Test
  void believesNoClientThatIntroducesItself() {
    Identity anna =
        new Identity("anna", Identity.Proof.KEY, GOOD.key().id(), List.of(), Identity.NEVER, "");
    Bytes forged = new Introduction(anna, new Origin("wire", "1.2.3.4:5", "1.2.3.4")).encode();

    assertThat(ended(storage.address().port(), POWERLESS.text(), forged).code())
        .isEqualTo(StatusCode.PERMISSION_DENIED);
    assertThat(ended(storage.address().port(), GOOD.text(), forged).code())
        .isEqualTo(StatusCode.PERMISSION_DENIED);
    assertThat(ended(router.address().port(), POWERLESS.text(), forged).detail())
        .contains("'bert'");
    assertThat(ended(storage.address().port(), ROUTER.text(), Bytes.utf8("nonsense")).detail())
        .contains(ErrorCode.MALFORMED.label());
  }

  /// Opens a watch on `a` under a name, and says how it ends.
  private WireStatus ended(int port, String shown, Bytes name) {
    Ended ended = new Ended();
    Bytes route = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).array());
    Metadata told =
        new Metadata(
            List.of(
                new Metadata.Entry(ClientNames.METADATA, name),
                new Metadata.Entry("weir-route", route)));
    var _ =
        clients
            .connector(shown)
            .connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new ConnectionHandler() {})
            .thenAccept(made -> {
              WireStream stream = made.open(OpenRequest.of(KvServer.WATCH).with(told), ended);
              var _ = stream.send(Unpooled.wrappedBuffer(WATCH));
            });
    eventually("it is over", () -> ended.status != null);
    return Objects.requireNonNull(ended.status);
  }

  private static final class Watched implements KvWatcher {
    private volatile int count;
    private volatile @Nullable WeirException fault;

    @Override
    public void onEvent(KvEvent event) {
      count = 1;
    }

    @Override
    public void onFailure(WeirException cause) {
      fault = cause;
    }
  }

  private static final class Ended implements StreamHandler {
    private volatile @Nullable WireStatus status;

    @Override
    public void onMessage(WireStream stream, MessageView message) {}

    @Override
    public void onClosed(WireStream stream, WireStatus how, Metadata trailers) {
      status = how;
    }
  }
}
