package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.AuthBook;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.ClientConfig;
import dev.weir.client.QueueConfig;
import dev.weir.client.WeirClient;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.KvClient;
import dev.weir.link.LinkTls;
import dev.weir.testkit.TestKeys;
import dev.weir.tls.CertificateNames;
import dev.weir.tls.PemFiles;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireTls;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A core over TLS with `auth.file`: `anna` is who her client's certificate says.
@Timeout(60)
final class CertificateAuthTest {
  @TempDir Path directory;

  private TestKeys.PemPair shown;
  private Path authority;
  private AuthCore core;

  @BeforeEach
  void start() throws Exception {
    TestKeys.PemPair served =
        TestKeys.write(Files.createDirectory(directory.resolve("s")), "server");
    shown = TestKeys.write(Files.createDirectory(directory.resolve("c")), "client");
    authority = TestKeys.writeAuthority(directory, "ca");
    AuthBook book = Guests.book();
    core =
        new AuthCore(
            directory,
            book.with(
                Objects.requireNonNull(book.users().get("anna"))
                    .withCertificates(List.of(name(shown)))),
            Map.of(
                "server.tls.certificate", served.certificate().toString(),
                "server.tls.key", served.key().toString(),
                "server.tls.clientCa", authority.toString(),
                "server.tls.clients", "optional"));
  }

  private static String name(TestKeys.PemPair files) throws Exception {
    try (InputStream in = Files.newInputStream(files.certificate())) {
      return CertificateNames.of(
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
  }

  @AfterEach
  void stop() {
    core.close();
  }

  private HttpResponse<String> get(SSLContext context, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("https://localhost:" + core.node().address().port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private WeirClient client(PemFiles files) {
    URI uri = URI.create("grpcs://localhost:" + core.node().address().port());
    return WeirClient.connect(
        ClientConfig.of(uri).withTls(new LinkTls(files)).withConnect(Duration.ofSeconds(20)));
  }

  @Test
  void letsInOverTheWebWhoseCertificateIsKnown() throws Exception {
    assertThat(get(TestKeys.of("client"), "/v1/topics/a/b").statusCode()).isEqualTo(200);
    assertThat(get(TestKeys.of("client"), "/v1/topics/b").statusCode()).isEqualTo(403);
    assertThat(get(TestKeys.of("client"), "/metrics").statusCode()).isEqualTo(200);
    assertThat(get(TestKeys.of(null), "/v1/topics/a/b").body()).contains("WEIR-3004");
    assertThat(get(TestKeys.of(null), "/metrics").statusCode()).isEqualTo(401);
    // What is shown in words counts more than the certificate, also when it is wrong.
    assertThat(
            get(TestKeys.of("client"), "/v1/topics/a/b", "Authorization", "Bearer x").statusCode())
        .isEqualTo(401);
  }

  private BlockingKv kv(WireLoops loops, PemFiles files) {
    WireSecurity security = WireSecurity.NONE.with(WireTls.client(files));
    InetSocketAddress address =
        InetSocketAddress.createUnresolved("localhost", core.node().address().port());
    return new BlockingKv(
        new KvClient(
            new WireConnector(loops, WireContext.of("test").with(security)),
            address,
            Duration.ofSeconds(20)));
  }

  @Test
  void letsInOverWireWhoseCertificateIsKnown() throws Exception {
    WireLoops loops = WireLoops.start("test", 1, Transport.best());
    try {
      BlockingKv anna = kv(loops, new PemFiles(shown.certificate(), shown.key(), authority));
      anna.put("a", Bytes.utf8("key"), Bytes.utf8("value"));
      assertThatThrownBy(() -> anna.get("b", Bytes.utf8("key")))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PERMITTED));
      assertThatThrownBy(
              () -> kv(loops, new PemFiles(null, null, authority)).get("a", Bytes.utf8("key")))
          .isInstanceOfSatisfying(
              WeirException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CREDENTIALS_MISSING));
    } finally {
      loops.close();
    }
  }

  @Test
  void letsInOverGrpcWhoseCertificateIsKnown() throws Exception {
    try (WeirClient anna = client(new PemFiles(shown.certificate(), shown.key(), authority))) {
      anna.queues().create(QueueConfig.of("jobs"));
      assertThatThrownBy(() -> anna.queues().create(QueueConfig.of("others")))
          .isInstanceOfSatisfying(
              WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_PERMITTED));
    }
    try (WeirClient stranger = client(new PemFiles(null, null, authority))) {
      assertThatThrownBy(() -> stranger.queues().create(QueueConfig.of("jobs")))
          .isInstanceOfSatisfying(
              WeirException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CREDENTIALS_MISSING));
    }
  }
}
