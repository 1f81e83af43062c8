package dev.weir.lab;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The wire can be cut, stalled one way, limited and delayed.
final class TcpRelayTest {
  private ServerSocket listener;
  private TcpRelay relay;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    relay =
        new TcpRelay(
            InetSocketAddress.createUnresolved(
                listener.getInetAddress().getHostAddress(), listener.getLocalPort()));
    client = dial();
    server = listener.accept();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    relay.close();
    listener.close();
  }

  @Test
  void passesBytesBothWaysAndTheEndOfEach() throws IOException {
    client.getOutputStream().write(7);
    assertThat(server.getInputStream().read()).isEqualTo(7);
    server.getOutputStream().write(8);
    assertThat(client.getInputStream().read()).isEqualTo(8);

    client.shutdownOutput();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    assertThat(relay.passedBytes(Way.OUT)).isEqualTo(1);
  }

  @Test
  void stallsOneWayAndStillPassesTheOther() throws IOException {
    relay.stall(Way.BACK);

    server.getOutputStream().write(1);
    client.getOutputStream().write(2);
    assertThat(server.getInputStream().read()).isEqualTo(2);
    assertThat(relay.passedBytes(Way.BACK)).isZero();

    relay.mend();
    assertThat(client.getInputStream().read()).isEqualTo(1);
  }

  @Test
  void resetsConnectionsWhenCutAndRefusesNewOnesUntilMended() throws IOException {
    relay.cut();

    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    try (Socket refused = dial()) {
      eventually("the new connection is reset", () -> isEnded(refused));
    }

    relay.mend();
    try (Socket again = dial();
        Socket accepted = listener.accept()) {
      again.getOutputStream().write(3);
      assertThat(accepted.getInputStream().read()).isEqualTo(3);
    }
  }

  @Test
  void stopsAfterTheBytesAllowed() throws IOException {
    relay.limit(Way.OUT, 3);

    client.getOutputStream().write(new byte[10]);
    assertThat(server.getInputStream().readNBytes(3)).hasSize(3);
    assertThat(relay.passedBytes(Way.OUT)).isEqualTo(3);

    relay.mend();
    assertThat(server.getInputStream().readNBytes(7)).hasSize(7);
  }

  @Test
  void letsEachPieceArriveLater() throws IOException {
    relay.delay(Way.OUT, Duration.ofMillis(30));
    long startNanos = Clock.SYSTEM.nanoTime();

    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);

    assertThat(Clock.SYSTEM.nanoTime() - startNanos).isGreaterThanOrEqualTo(30_000_000L);
  }

  private Socket dial() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), relay.port());
  }

  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException _) {
      return true;
    }
  }
}
