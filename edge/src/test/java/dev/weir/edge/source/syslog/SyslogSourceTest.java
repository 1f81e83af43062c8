package dev.weir.edge.source.syslog;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceRig;
import dev.weir.edge.source.SourceState;
import dev.weir.edge.source.syslog.SyslogConfig.Transport;
import dev.weir.message.Message;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SyslogSourceTest {
  private final SourceRig rig = new SourceRig();
  private Source source;
  private int port;

  @BeforeEach
  void start() {
    source =
        rig.start(
            new SyslogConfig(
                "syslog",
                "logs/site",
                SourceRig.anyPort(),
                Transport.UDP_AND_TCP,
                Optional.empty(),
                new ByteSize(500),
                2));
    port = source.port().orElseThrow();
  }

  @AfterEach
  void stop() {
    source.close();
  }

  @Test
  void keepsADatagramAsItIsAndSaysWhatItsHeaderSays() throws Exception {
    byte[] raw =
        "<34>1 2003-10-11T22:14:15.003Z box su 7 - - \u00e9 ".getBytes(StandardCharsets.UTF_8);
    byte[] bytes = java.util.Arrays.copyOf(raw, raw.length + 2);
    bytes[raw.length] = (byte) 0xFF;
    bytes[raw.length + 1] = '\n';

    send(bytes);
    Message message = SourceRig.take(rig.pulled, 1).getFirst();

    assertThat(message.topic()).isEqualTo("logs/site");
    assertThat(message.body()).isEqualTo(Bytes.wrap(bytes, 0, bytes.length - 1));
    assertThat(message.timeMicros()).isEqualTo(1_065_910_455_003_000L);
    assertThat(message.headers())
        .containsEntry("severity", "crit")
        .containsEntry("host", "box")
        .containsEntry("app", "su")
        .containsEntry("procid", "7")
        .containsEntry("peer", "127.0.0.1");
  }

  @Test
  void keepsWhatIsNoSyslogAndCountsIt() throws Exception {
    send("not syslog at all".getBytes(StandardCharsets.UTF_8));
    send(new byte[0]);
    send("<13>good".getBytes(StandardCharsets.UTF_8));

    List<Message> messages = SourceRig.take(rig.pulled, 2);

    assertThat(SourceRig.bodies(messages)).containsExactly("not syslog at all", "<13>good");
    assertThat(messages.getFirst().timeMicros()).isEqualTo(rig.clock.epochMicros());
    assertThat(faults(SourceFault.MALFORMED)).isEqualTo(2);
  }

  @Test
  void takesBothFramingsOnOneConnectionAndSplitsWhatIsTooLong() throws Exception {
    String longText = "<13>Oct 11 22:14:15 box app: " + "x".repeat(600);
    try (Socket socket = connect()) {
      write(socket, "8 <14>c\nd\n" + "<15>line\n" + longText + "\n<14>after\n");

      List<Message> messages = SourceRig.take(rig.pulled, 5);

      assertThat(SourceRig.bodies(messages).subList(0, 2))
          .containsExactly("<14>c\nd\n", "<15>line");
      assertThat(messages.get(2).headers())
          .containsEntry("weir-split", "1+")
          .containsEntry("host", "box");
      assertThat(messages.get(3).headers())
          .containsEntry("weir-split", "2")
          .containsEntry("host", "box");
      assertThat(messages.get(2).body().utf8() + messages.get(3).body().utf8()).isEqualTo(longText);
      assertThat(messages.get(4).body().utf8()).isEqualTo("<14>after");
      assertThat(faults(SourceFault.OVERSIZE)).isEqualTo(1);
    }
  }

  @Test
  void takesWhatStoodBeforeBrokenFramingAndEndsThatConnectionOnly() throws Exception {
    try (Socket good = connect();
        Socket bad = connect()) {
      write(bad, "<13>before\n88888888 <13>x");
      assertThat(bad.getInputStream().read()).isEqualTo(-1);
      write(good, "<14>unharmed\n");

      assertThat(SourceRig.bodies(SourceRig.take(rig.pulled, 2)))
          .containsExactly("<13>before", "<14>unharmed");
      assertThat(faults(SourceFault.MALFORMED)).isEqualTo(1);
      assertThat(source.stats().detail()).contains("WEIR-7002").contains("88888888");
    }
  }

  @Test
  void takesHalfAMessageWhenTheConnectionEnds() throws Exception {
    try (Socket socket = connect()) {
      write(socket, "<13>whole\n50 <13>half");
    }

    List<Message> messages = SourceRig.take(rig.pulled, 2);

    assertThat(SourceRig.bodies(messages)).containsExactly("<13>whole", "<13>half");
    assertThat(messages.get(1).headers()).containsEntry("weir-split", "1+");
    eventually("counted", () -> faults(SourceFault.CONNECTION_FAILED) == 1);
  }

  @Test
  void closesOneConnectionTooManyAtOnce() throws Exception {
    try (Socket first = connect();
        Socket second = connect()) {
      write(first, "<13>1\n");
      write(second, "<13>2\n");
      SourceRig.take(rig.pulled, 2);
      try (Socket third = connect()) {
        assertThat(third.getInputStream().read()).isEqualTo(-1);
      }
      write(first, "<13>still\n");

      assertThat(SourceRig.bodies(SourceRig.take(rig.pulled, 1))).containsExactly("<13>still");
      assertThat(faults(SourceFault.CONNECTION_LIMIT)).isEqualTo(1);
    }
  }

  @Test
  void stopsTheStreamAndCountsWhatTheKernelDropsWhileThereIsNoRoom() throws Exception {
    byte[] datagram = ("<13>" + "z".repeat(60_000)).getBytes(StandardCharsets.UTF_8);
    eventually(
        "the kernel drops",
        () -> {
          for (int i = 0; i < 100; i++) {
            send(datagram);
          }
          return faults(SourceFault.KERNEL_DROP) > 0;
        });

    eventually(
        "there is no room",
        () -> {
          send(datagram);
          return source.stats().state() == SourceState.BLOCKED;
        });
    assertThat(rig.pulled.bytes()).isLessThanOrEqualTo(1 << 20);
  }

  @Test
  void refusesAnAddressThatIsTaken() {
    SyslogConfig taken =
        SyslogConfig.of("b", "t", new InetSocketAddress(InetAddress.getLoopbackAddress(), port));

    assertThatThrownBy(() -> rig.start(taken))
        .isInstanceOf(WeirException.class)
        .hasMessageContaining(Integer.toString(port));
  }

  private long faults(SourceFault fault) {
    return source.stats().faults().getOrDefault(fault, -1L);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void send(byte[] bytes) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
