package dev.weir.rpc;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.testkit.TestKeys;
import dev.weir.testkit.TestKeys.PemPair;
import dev.weir.tls.PemFiles;
import dev.weir.wire.WireIdentity;
import dev.weir.wire.WireTls;
import dev.weir.wire.WireTls.ClientCertificates;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls over TLS, certificates that are not to be trusted, and channels with several addresses.
final class RpcTlsTest {
  private final RpcEnds ends = new RpcEnds();
  private final AtomicReference<@Nullable WireIdentity> caller = new AtomicReference<>();
  @TempDir Path directory;

  @AfterEach
  void close() throws Exception {
    ends.close();
  }

  private static Heard call(WireChannel channel, CallOptions options) {
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = channel.newCall(ByteMethods.UNARY, options);
    call.start(heard, new Metadata());
    call.request(2);
    call.sendMessage(new byte[3]);
    call.halfClose();
    return heard;
  }

  private static Heard call(WireChannel channel) {
    return call(channel, CallOptions.DEFAULT);
  }

  private RpcServer serve(RpcServerBuilder builder) throws IOException {
    return ends.serve(
        builder
            .intercept(new Noting())
            .addService(ByteMethods.serving(ByteMethods.UNARY, Handling.echo())));
  }

  private void serve(String alias, ClientCertificates wanted) throws IOException {
    serve(ends.serverBuilder().tls(WireTls.server(() -> TestKeys.of(alias), wanted)));
  }

  private WireChannelBuilder client(@Nullable String alias) {
    return ends.channelBuilder().tls(WireTls.client(() -> TestKeys.of(alias)));
  }

  /// Notes who calls.
  private final class Noting implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> served, Metadata headers, ServerCallHandler<Q, A> next) {
      caller.set(served.getAttributes().get(RpcServer.CLIENT));
      return next.startCall(served, headers);
    }
  }

  @Test
  void callsOverTlsFromKeyFiles() throws Exception {
    PemPair pair = TestKeys.write(directory, "server");
    serve(
        ends.serverBuilder()
            .useTransportSecurity(pair.certificate().toFile(), pair.key().toFile()));
    PemFiles trust = new PemFiles(null, null, TestKeys.writeAuthority(directory, "ca"));

    WireChannel channel = ends.channel(ends.channelBuilder().tls(WireTls.client(trust)));

    assertThat(call(channel).await().isOk()).isTrue();
    assertThat(caller.get()).isEqualTo(WireIdentity.ANONYMOUS);
  }

  @Test
  void refusesKeyFilesThatDoNotFit() {
    PemPair pair = TestKeys.write(directory, "server");
    TestKeys.writeKey(pair, "client");

    assertThatThrownBy(() ->
            ends.serverBuilder()
                .useTransportSecurity(pair.certificate().toFile(), pair.key().toFile()))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining("is not the key of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WANTED", "NEEDED"})
  void tellsServicesWhoCalls(ClientCertificates wanted) throws Exception {
    serve("server", wanted);

    assertThat(call(ends.channel(client("client"))).await().isOk()).isTrue();

    assertThat(caller.get()).isEqualTo(new WireIdentity("client", WireIdentity.Proof.CERTIFICATE));
  }

  /// `expired` is signed by the authority that the server trusts, `stranger` by another.
  @ParameterizedTest
  @CsvSource(
      value = {"expired", "stranger", "null"},
      nullValues = "null")
  void servesNobodyWithoutAGoodCertificate(@Nullable String alias) throws Exception {
    serve("server", ClientCertificates.NEEDED);

    Status status = call(ends.channel(client(alias))).await();

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(caller.get()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"expired", "stranger", "client"})
  void callsNoServerWithoutAGoodCertificate(String alias) throws Exception {
    serve(alias, ClientCertificates.NONE);

    Status status = call(ends.channel(client(null))).await();

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("TLS with");
    assertThat(caller.get()).isNull();
  }

  @Test
  void trustsWhomTheJdkTrustsUnlessToldOtherwise() throws Exception {
    serve("server", ClientCertificates.NONE);

    Status status = call(ends.channel(ends.channelBuilder().useTransportSecurity())).await();

    assertThat(status.getDescription()).contains("TLS with", "certification path");
  }

  @Test
  void callsNoTlsServerInPlainText() throws Exception {
    serve("server", ClientCertificates.NONE);

    Status status = call(ends.channel(client(null).usePlaintext())).await();

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    eventually("it is counted", () -> ends.serverContext.counters().peerFaults() >= 1);
  }

  @ParameterizedTest
  @CsvSource({"true,PRIVACY_AND_INTEGRITY", "false,NONE"})
  void tellsCredentialsWhetherTheConnectionIsEncrypted(boolean isTls, SecurityLevel level)
      throws Exception {
    AtomicReference<SecurityLevel> told = new AtomicReference<>();
    WireChannel channel;
    if (isTls) {
      serve("server", ClientCertificates.NONE);
      channel = ends.channel(client(null));
    } else {
      serve(ends.serverBuilder());
      channel = ends.channel();
    }

    Status status =
        call(channel, CallOptions.DEFAULT.withCallCredentials(new Telling(told))).await();

    assertThat(status.isOk()).as(status.toString()).isTrue();
    assertThat(told.get()).isEqualTo(level);
  }

  /// Credentials that tell what they were told.
  private static final class Telling extends CallCredentials {
    private final AtomicReference<SecurityLevel> told;

    Telling(AtomicReference<SecurityLevel> told) {
      this.told = told;
    }

    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier to) {
      told.set(info.getSecurityLevel());
      to.apply(new Metadata());
    }
  }

  private static InetSocketAddress nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }
  }

  private WireChannelBuilder reaching(List<InetSocketAddress> addresses) {
    return WireChannelBuilder.to(addresses)
        .loops(ends.clientLoops)
        .context(ends.clientContext)
        .backoff(RpcEnds.QUICK, new java.util.Random(1));
  }

  @Test
  void triesTheNextAddressWhenOneDoesNotAnswer() throws Exception {
    serve(ends.serverBuilder());
    InetSocketAddress unknown = InetSocketAddress.createUnresolved("nowhere.invalid", 1);

    WireChannel channel =
        ends.channel(reaching(List.of(nobody(), unknown, nobody(), ends.address())));

    assertThat(call(channel).await().isOk()).as("without waiting for ready").isTrue();
  }

  @Test
  void triesTheNextAddressWhenTlsFails() throws Exception {
    serve("stranger", ClientCertificates.NONE);
    InetSocketAddress stranger = ends.address();
    RpcEnds good = new RpcEnds();
    try {
      good.serve(
          good.serverBuilder()
              .tls(WireTls.server(() -> TestKeys.of("server"), ClientCertificates.NONE))
              .addService(ByteMethods.serving(ByteMethods.UNARY, Handling.echo())));
      WireChannel channel =
          ends.channel(
              reaching(List.of(stranger, good.address()))
                  .tls(WireTls.client(() -> TestKeys.of(null))));

      assertThat(call(channel).await().isOk()).isTrue();
      channel.shutdownNow();
    } finally {
      good.close();
    }
  }

  @Test
  void saysOfEachAddressWhyItFailed() throws Exception {
    InetSocketAddress first = nobody();
    InetSocketAddress unknown = InetSocketAddress.createUnresolved("nowhere.invalid", 1);

    Status status = call(ends.channel(reaching(List.of(first, unknown)))).await();

    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription())
        .contains("Cannot connect to " + first, "nowhere.invalid is not known");
  }

  @Test
  void beginsWithTheFirstAddressAgain() throws Exception {
    InetSocketAddress first = nobody();
    serve(ends.serverBuilder());
    WireChannel channel = ends.channel(reaching(List.of(first, ends.address())));
    assertThat(call(channel).await().isOk()).isTrue();
    RpcServer preferred =
        RpcServerBuilder.on(first)
            .loops(ends.serverLoops)
            .context(ends.serverContext)
            .addService(ByteMethods.serving(ByteMethods.UNARY, Handling.echo()))
            .build()
            .start();
    try {
      caller.set(null);
      channel.enterIdle();
      eventually(
          "the first serves",
          () ->
              isOk(call(channel, CallOptions.DEFAULT.withWaitForReady()))
                  && caller.getAndSet(null) == null);
    } finally {
      preferred.shutdownNow();
      eventually("it ends", preferred::isTerminated);
    }
  }

  private static boolean isOk(Heard heard) {
    try {
      return heard.await().isOk();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
