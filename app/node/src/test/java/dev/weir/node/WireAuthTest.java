package dev.weir.node;

import static dev.weir.node.Guests.GOOD;
import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.AuthBook;
import dev.weir.auth.Quota;
import dev.weir.auth.User;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.BucketConfig;
import dev.weir.kv.KvClient;
import dev.weir.kv.KvEvent;
import dev.weir.kv.KvWatcher;
import dev.weir.wire.Agreement;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Buckets and links over wire at a core with `auth.file`, against each kind of identity.
@Timeout(60)
final class WireAuthTest {
  private static final Bytes KEY = Bytes.utf8("key");
  private static final Bytes VALUE = Bytes.utf8("value");

  @TempDir Path directory;

  private AuthCore core;
  private WireClients clients;

  @BeforeEach
  void start() throws IOException {
    core = new AuthCore(directory);
    clients = new WireClients();
  }

  @AfterEach
  void stop() {
    clients.close();
    core.close();
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void refused(Shown shown, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> {
              if (!shown.mayBePaused(e.code().label())) {
                assertThat(e.code()).isEqualTo(shown.code());
              }
            });
  }

  private BlockingKv anna() {
    return clients.blocking(core.node().address(), GOOD.text());
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NONSENSE", mode = EnumSource.Mode.EXCLUDE)
  void opensNoBucketFor(Shown shown) throws Exception {
    anna().put("a", KEY, VALUE);
    String token = shown.authorization().replace("Bearer ", "");
    BlockingKv kv = clients.blocking(core.node().address(), token);

    refused(shown, () -> kv.put("a", KEY, Bytes.utf8("other")));
    refused(shown, () -> kv.delete("a", KEY, 1));
    refused(shown, () -> kv.get("a", KEY));
    refused(shown, () -> kv.history("a", KEY));
    refused(shown, () -> kv.keys("a", Bytes.EMPTY, Bytes.EMPTY, 10));
    refused(shown, () -> kv.configure("a", new BucketConfig(2, Duration.ZERO)));

    assertThat(anna().get("a", KEY).orElseThrow().value()).isEqualTo(VALUE);
    eventually(
        "it is written down",
        () ->
            Files.readString(directory.resolve("audit.jsonl")).contains(shown.code().label())
                || shown.isKnown());
  }

  @ParameterizedTest
  @EnumSource(value = Shown.class, names = "NONSENSE", mode = EnumSource.Mode.EXCLUDE)
  void letsNobodyWatch(Shown shown) {
    Watched watched = new Watched();
    var _ =
        clients
            .client(core.node().address(), shown.authorization().replace("Bearer ", ""))
            .watch("a", Bytes.EMPTY, 0, watched)
            .exceptionally(failure -> {
              watched.onFailure((WeirException) Objects.requireNonNull(cause(failure)));
              return null;
            });

    eventually("it is refused", () -> watched.fault != null);
    assertThat(watched.fault().code()).isEqualTo(shown.code());
    assertThat(watched.events).isEmpty();
  }

  private static @Nullable Throwable cause(Throwable failure) {
    return failure instanceof WeirException ? failure : failure.getCause();
  }

  @ParameterizedTest
  @EnumSource(
      value = Shown.class,
      names = {"NONSENSE", "NO_RIGHT"},
      mode = EnumSource.Mode.EXCLUDE)
  void opensNoLinkFor(Shown shown) {
    Ended ended = new Ended();
    InetSocketAddress address =
        new InetSocketAddress(core.node().address().host(), core.node().address().port());
    var _ =
        clients
            .connector(shown.authorization().replace("Bearer ", ""))
            .connect(
                address,
                new ConnectionHandler() {
                  @Override
                  public void onAgreed(WireConnection made, Agreement agreement) {
                    var _ = made.open(OpenRequest.of("link/2"), ended);
                  }
                });
    eventually("it is over", () -> ended.status != null);
    assertThat(String.valueOf(ended.status)).contains(shown.code().label());
  }

  @Test
  void servesEachWhatItsRulesSay() throws Exception {
    BlockingKv kv = anna();

    kv.configure("a", new BucketConfig(2, Duration.ZERO));
    kv.put("a", KEY, VALUE);
    assertThat(kv.get("a", KEY)).isPresent();
    assertThat(kv.history("a", KEY)).hasSize(1);
    assertThat(kv.get("read/x", KEY)).isEmpty();
    refused(ErrorCode.NOT_PERMITTED, () -> kv.put("read/x", KEY, VALUE));
    refused(ErrorCode.NOT_PERMITTED, () -> kv.history("read/x", KEY));
    refused(ErrorCode.NOT_PERMITTED, () -> kv.get("read/x", KEY, 1));
    refused(ErrorCode.NOT_PERMITTED, () -> kv.get("b", KEY));
  }

  /// A proxy on this machine, which says that its client is 192.0.2.7.
  @Test
  void knowsAClientBehindAProxyByItsOwnAddress() throws Exception {
    byte[] header = Proxy.header("192.0.2.7", 12_345);
    try (AuthCore own =
            new AuthCore(
                Files.createDirectory(directory.resolve("own")),
                Guests.book(),
                Map.of("server.proxies.0", "127.0.0.0/8"));
        Proxy proxy = new Proxy(own.node().address(), header)) {
      BlockingKv kv = clients.blocking(proxy.address(), Guests.REVOKED.text());

      refused(ErrorCode.CREDENTIALS_REVOKED, () -> kv.get("a", KEY));
      eventually(
          "it is written down",
          () -> Files.readString(directory.resolve("own/audit.jsonl")).contains("192.0.2.7:12345"));
    }
  }

  @Test
  void letsInAUserWithAPassword() throws Exception {
    BlockingKv kv = clients.blocking(core.node().address(), Guests.basic("anna", "hunter2"));

    kv.put("a", KEY, VALUE);

    assertThat(kv.get("a", KEY)).isPresent();
  }

  @Test
  void endsWhatStandsWhenTheKeyIsTakenBack() throws Exception {
    Watched watched = new Watched();
    var _ = clients.client(core.node().address(), GOOD.text()).watch("a", Bytes.EMPTY, 0, watched);
    BlockingKv kv = anna();
    kv.put("a", KEY, VALUE);
    eventually("the value is seen", () -> watched.events.stream().anyMatch(Watched::isChange));

    core.file().change(book -> book.with(GOOD.key().revoked()));

    eventually("the watch is over", () -> watched.fault != null);
    assertThat(watched.fault().code()).isEqualTo(ErrorCode.CREDENTIALS_REVOKED);
    refused(ErrorCode.CREDENTIALS_REVOKED, () -> kv.put("a", KEY, VALUE));
  }

  @Test
  void endsAWatchThatIsNotAllowedAnyMore() throws Exception {
    Watched watched = new Watched();
    var _ = clients.client(core.node().address(), GOOD.text()).watch("a", Bytes.EMPTY, 0, watched);
    eventually("it is open", () -> !watched.events.isEmpty());

    core.file()
        .change(book ->
            book.with(Objects.requireNonNull(book.users().get("anna")).withRules(List.of())));

    eventually("the watch is over", () -> watched.fault != null);
    assertThat(watched.fault().code()).isEqualTo(ErrorCode.NOT_PERMITTED);
  }

  @Test
  void holdsWritesToTheUsersRateInTheirOrder() throws Exception {
    AuthBook book = Guests.book();
    Quota slow =
        new Quota(
            Quota.NO_LIMIT, Quota.NO_LIMIT, Quota.NO_LIMIT, 50, Quota.NO_LIMIT, Quota.NO_LIMIT);
    User paced = Objects.requireNonNull(book.users().get("anna")).withQuota(slow);
    try (AuthCore own =
        new AuthCore(
            Files.createDirectory(directory.resolve("paced")), book.with(paced), Map.of())) {
      keepsTheOrder(clients.client(own.node().address(), GOOD.text()));
    }
  }

  private static void keepsTheOrder(KvClient client) throws Exception {
    BlockingKv kv = new BlockingKv(client);
    kv.configure("a", new BucketConfig(64, Duration.ZERO));

    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      writes.add(client.put("a", KEY, Bytes.utf8("" + i)));
    }
    writes.forEach(CompletableFuture::join);

    var revisions = kv.history("a", KEY);
    assertThat(revisions).hasSize(60);
    for (int i = 0; i < 60; i++) {
      assertThat(kv.get("a", KEY, revisions.get(i).revision()).orElseThrow().value())
          .isEqualTo(Bytes.utf8("" + i));
    }
  }

  /// What a watch brings.
  private static final class Watched implements KvWatcher {
    private final List<KvEvent> events = new CopyOnWriteArrayList<>();
    private volatile @Nullable WeirException fault;

    static boolean isChange(KvEvent event) {
      return event instanceof KvEvent.Change;
    }

    WeirException fault() {
      return Objects.requireNonNull(fault);
    }

    @Override
    public void onEvent(KvEvent event) {
      events.add(event);
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
