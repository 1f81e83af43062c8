package dev.weir.gateway.port;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.Seeds;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PortTest {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final PortLimits LIMITS =
      PortLimits.DEFAULT.withMessage(ByteSize.ofMebibytes(1)).withDrain(Duration.ofMillis(200));

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @Test
  void servesGrpcAndHttpOnOneSocket() throws Exception {
    Port port = start(LIMITS);
    HttpClient http = HttpClient.newHttpClient();
    open.add(http);
    byte[] body = new byte[100_000];
    Seeds.random("PortTest", 1).nextBytes(body);

    assertThat(echo(channel(port), body)).isEqualTo(body);
    assertThat(Http.get(http, port, "/livez").body()).isEqualTo("ok\n");
    assertThat(echo(channel(port), body)).isEqualTo(body);

    assertThat(port.stats().accepted()).containsEntry(Protocol.GRPC, 2L);
    assertThat(port.stats().accepted()).containsEntry(Protocol.HTTP1, 1L);
    assertThat(port.stats().open()).isEqualTo(3);
  }

  @Test
  void handsWireOverFromItsFirstByteOn() throws Exception {
    Port port =
        start(LIMITS, services().withWire(channel -> channel.pipeline().addLast(new Back())));
    byte[] hello = "WEIR and what follows".getBytes(StandardCharsets.US_ASCII);

    try (Socket socket = connect(port)) {
      for (byte b : hello) {
        socket.getOutputStream().write(b);
        socket.getOutputStream().flush();
      }
      assertThat(socket.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
      assertThat(port.stats().accepted()).containsEntry(Protocol.WIRE, 1L);
      assertThat(echo(channel(port), new byte[10])).hasSize(10);

      port.close();
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @Test
  void refusesWireWhereNobodyServesIt() throws Exception {
    Port port = start(LIMITS);

    try (Socket socket = connect(port)) {
      socket.getOutputStream().write("WEIR".getBytes(StandardCharsets.US_ASCII));
      assertClosed(socket);
    }
    assertRefused(port, Refusal.UNKNOWN_PROTOCOL, 1);
  }

  @Test
  void servesGrpcFromAPrefaceInPieces() throws Exception {
    Port port = start(LIMITS);

    try (Socket socket = connect(port)) {
      for (byte b : PREFACE) {
        socket.getOutputStream().write(b);
        socket.getOutputStream().flush();
      }
      socket.getOutputStream().write(Http2.EMPTY_SETTINGS);

      byte[] head = socket.getInputStream().readNBytes(4);
      assertThat(head[3]).as("a SETTINGS frame").isEqualTo((byte) 4);
    }
    assertThat(port.stats().accepted()).containsEntry(Protocol.GRPC, 1L);
  }

  @Test
  void refusesATlsHandshake() throws Exception {
    Port port = start(LIMITS);

    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      assertClosed(socket);
    }
    assertRefused(port, Refusal.TLS, 1);
  }

  @Test
  void refusesRandomBytesAndGoesOnServing() throws Exception {
    Port port = start(LIMITS);
    RandomGenerator random = Seeds.random("PortTest");
    int count = 200;

    for (int i = 0; i < count; i++) {
      byte[] garbage = new byte[1 + random.nextInt(2000)];
      random.nextBytes(garbage);
      garbage[0] = (byte) (0x80 | garbage[0]);
      try (Socket socket = connect(port)) {
        sendIgnoringReset(socket, garbage);
        assertClosed(socket);
      }
    }

    assertRefused(port, Refusal.UNKNOWN_PROTOCOL, count);
    assertThat(echo(channel(port), new byte[10])).hasSize(10);
    eventually("only the stub is connected", () -> port.stats().open() == 1);
  }

  @Test
  void countsWhoLeavesBeforeThePrefaceIsWhole() throws Exception {
    Port port = start(LIMITS);

    for (int length : new int[] {0, 1, 12, 23}) {
      try (Socket socket = connect(port)) {
        socket.getOutputStream().write(Arrays.copyOf(PREFACE, length));
      }
    }

    assertRefused(port, Refusal.LEFT_EARLY, 4);
  }

  @Test
  void closesWhoSaysTooLittleForTooLong() throws Exception {
    Port port = start(LIMITS.withHandshake(Duration.ofMillis(50)));

    try (Socket silent = connect(port);
        Socket half = connect(port);
        Socket prefaceOnly = connect(port)) {
      half.getOutputStream().write(Arrays.copyOf(PREFACE, 10));
      prefaceOnly.getOutputStream().write(PREFACE);
      assertClosed(silent);
      assertClosed(half);
      assertClosed(prefaceOnly);
    }

    assertRefused(port, Refusal.TOO_SLOW, 2);
  }

  @Test
  void refusesAMessageThatClaimsTwoGigabytes() throws Exception {
    Port port = start(LIMITS);

    try (Socket socket = connect(port)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(PREFACE);
      out.write(Http2.EMPTY_SETTINGS);
      out.write(Http2.headers(1, "/echo.Echo/Echo"));
      out.write(Http2.data(1, new byte[] {0, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2}));
      socket.getOutputStream().write(out.toByteArray());

      assertThat(Http2.readUntilStreamEnds(socket.getInputStream(), 1)).isTrue();
    }
    assertThat(echo(channel(port), new byte[10])).hasSize(10);
  }

  @Test
  void refusesAFrameLargerThanHttp2Allows() throws Exception {
    Port port = start(LIMITS);

    try (Socket socket = connect(port)) {
      socket.getOutputStream().write(PREFACE);
      socket.getOutputStream().write(Http2.EMPTY_SETTINGS);
      socket
          .getOutputStream()
          .write(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 0, 1});
      assertClosed(socket);
    }
    assertThat(echo(channel(port), new byte[10])).hasSize(10);
  }

  @Test
  void refusesAMessageBeyondTheLimitWithItsStatus() {
    Port port = start(LIMITS);
    ManagedChannel channel = channel(port);

    assertThatThrownBy(() -> echo(channel, new byte[(1 << 20) + 1]))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
    assertThat(echo(channel, new byte[10])).hasSize(10);
  }

  @Test
  void holdsManyConnectionsAndRefusesMoreThanTheLimit() throws Exception {
    Port port = start(LIMITS.withConnections(300));
    List<Socket> sockets = new ArrayList<>();

    try {
      for (int i = 0; i < 300; i++) {
        sockets.add(connect(port));
      }
      eventually("all are open", () -> port.stats().open() == 300);
      try (Socket late = connect(port)) {
        assertClosed(late);
      }
      assertRefused(port, Refusal.TOO_MANY_CONNECTIONS, 1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
    eventually("all have left", () -> port.stats().open() == 0);
    assertThat(echo(channel(port), new byte[10])).hasSize(10);
  }

  @Test
  void saysWhenTheAddressIsTaken() {
    Port port = start(LIMITS);
    PortConfig same = new PortConfig("127.0.0.1", port.port(), LIMITS);

    assertThatThrownBy(() -> Port.start(same, PortServices.of(Map.of())))
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_IN_USE);
              assertThat(e.getMessage()).contains("127.0.0.1:" + port.port());
            });
  }

  @Test
  void closesEveryConnectionAndThreadAndFreesThePort() throws Exception {
    Port port = start(LIMITS);
    ManagedChannel channel = channel(port);
    echo(channel, new byte[1]);

    try (Socket silent = connect(port);
        Socket http = connect(port)) {
      http.getOutputStream().write("GET /livez HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(http.getInputStream().read()).isEqualTo('H');
      port.close();
      port.close();
      assertClosed(silent);
      assertClosed(http);
    }

    Port again =
        Port.start(new PortConfig("127.0.0.1", port.port(), LIMITS), PortServices.of(Map.of()));
    again.close();
    eventually(
        "no thread is left",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("weir-port")));
  }

  private Port start(PortLimits limits) {
    return start(limits, services());
  }

  private static PortServices services() {
    return PortServices.of(Map.of("/livez", _ -> OpsAnswer.text(200, "ok\n")))
        .withGrpc(List.of(Echo.SERVICE), List.of());
  }

  private Port start(PortLimits limits, PortServices services) {
    Port port = Port.start(new PortConfig("127.0.0.1", 0, limits), services);
    open.add(port);
    return port;
  }

  private ManagedChannel channel(Port port) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port.port()).usePlaintext().build();
    open.add(() -> {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    });
    return channel;
  }

  private static byte[] echo(ManagedChannel channel, byte[] body) {
    return ClientCalls.blockingUnaryCall(
        channel, Echo.METHOD, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), body);
  }

  private static Socket connect(Port port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void sendIgnoringReset(Socket socket, byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    try {
      out.write(bytes);
    } catch (SocketException _) {
      // The port was faster.
    }
  }

  /// Reads until the end, as a stream or as a reset; a time-out fails.
  private static void assertClosed(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException _) {
      // Closed with bytes unread: a reset.
    }
  }

  private static void assertRefused(Port port, Refusal reason, long count) {
    eventually(
        count + " refused as " + reason,
        () -> Long.valueOf(count).equals(port.stats().refused().get(reason)));
  }
}
