package dev.weir.edge.source.relp;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.ByteSize;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.Source;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceRig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RelpSourceTest {
  private static final String OPEN = "1 open 30 relp_version=0\ncommands=syslog\n";

  private final SourceRig rig = new SourceRig();
  private Source source;

  @BeforeEach
  void start() {
    source =
        rig.start(
            new RelpConfig(
                "relp", "logs", SourceRig.anyPort(), Optional.empty(), new ByteSize(1024), 2));
  }

  @AfterEach
  void stop() {
    rig.waitedFor.close();
    source.close();
  }

  @Test
  void answersAMessageOnlyWhenItIsDurable() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 15 <34>1 - h a - -\n3 syslog 8 <13>a: b\n");
      Delivery delivery = SourceRig.take(rig.waitedFor);
      while (delivery.messages().size() < 2) {
        delivery.listener().durable();
        delivery = SourceRig.take(rig.waitedFor);
      }

      assertThat(client.getInputStream().available()).isZero();
      assertThat(delivery.messages().getFirst().headers()).containsEntry("host", "h");
      delivery.listener().durable();

      assertThat(read(client, "2 rsp 6 200 OK\n3 rsp 6 200 OK\n")).isTrue();
      assertThat(source.stats().messageCount()).isEqualTo(2);
    }
  }

  @Test
  void answersInOrderWhateverIsDurableFirst() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 5 <13>a\n");
      Delivery first = SourceRig.take(rig.waitedFor);
      write(client, "3 syslog 5 <13>b\n");
      Delivery second = SourceRig.take(rig.waitedFor);
      second.listener().durable();
      first.listener().durable();

      assertThat(read(client, "2 rsp 6 200 OK\n3 rsp 6 200 OK\n")).isTrue();
    }
  }

  @Test
  void refusesWhatItNeverTakesAndGoesOn() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 2000 " + "x".repeat(2000) + "\n3 starttls 0\n4 syslog 5 <13>b\n");
      String refused = "2 rsp 38 500 message of 2000 bytes is too large\n";
      String unknown = "3 rsp 35 500 command starttls is not offered\n";

      Delivery delivery = SourceRig.take(rig.waitedFor);
      delivery.listener().durable();

      assertThat(SourceRig.bodies(delivery.messages())).containsExactly("<13>b");
      assertThat(read(client, refused + unknown + "4 rsp 6 200 OK\n")).isTrue();
      assertThat(source.stats().faults()).containsEntry(SourceFault.OVERSIZE, 1L);
      assertThat(source.stats().refusedCount()).isEqualTo(2);
    }
  }

  @Test
  void saysNothingWhileTheSpoolIsFullAndStoresOnceThereIsRoom() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 5 <13>a\n");
      Delivery refused = SourceRig.take(rig.waitedFor);
      WeirException full = new WeirException(ErrorCode.SPOOL_FULL, "full");
      rig.refuse(Optional.of(full));
      refused.listener().failed(full);
      rig.refuse(Optional.empty());

      Delivery again = SourceRig.take(rig.waitedFor);
      assertThat(again.messages()).isEqualTo(refused.messages());
      assertThat(client.getInputStream().available()).isZero();
      again.listener().durable();

      assertThat(read(client, "2 rsp 6 200 OK\n")).isTrue();
    }
  }

  @Test
  void endsTheConnectionWithoutAnAnswerWhenAMessageCannotBeStored() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 5 <13>a\n");
      SourceRig.take(rig.waitedFor).listener().failed(new WeirException(ErrorCode.BUG, "broken"));

      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void answersAClosingClientAndSaysGoodbye() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 5 <13>a\n3 close 0\n");
      SourceRig.take(rig.waitedFor).listener().durable();

      String rest = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(rest).isEqualTo("2 rsp 6 200 OK\n3 rsp 0\n0 serverclose 0\n");
    }
  }

  @Test
  void answersWhatItHasReadWhenItIsStopped() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 5 <13>a\n");
      Delivery delivery = SourceRig.take(rig.waitedFor);
      Thread stop = Thread.ofVirtual().start(source::close);
      delivery.listener().durable();
      stop.join();

      String rest = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(rest).isEqualTo("2 rsp 6 200 OK\n0 serverclose 0\n");
    }
  }

  @Test
  void answersWhatStoodBeforeBrokenFramesAndEndsThatConnectionOnly() throws Exception {
    try (Socket good = opened();
        Socket bad = opened()) {
      write(bad, "2 syslog 5 <13>a\nGET / HTTP/1.1\n");
      SourceRig.take(rig.waitedFor).listener().durable();
      String rest = new String(bad.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      write(good, "2 syslog 5 <13>b\n");
      SourceRig.take(rig.waitedFor).listener().durable();

      assertThat(rest).startsWith("2 rsp 6 200 OK\n");
      assertThat(read(good, "2 rsp 6 200 OK\n")).isTrue();
      eventually("counted", () -> faults(SourceFault.MALFORMED) == 1);
    }
  }

  @Test
  void takesNothingOfHalfAFrame() throws Exception {
    try (Socket client = opened()) {
      write(client, "2 syslog 50 <13>half");
    }

    eventually("counted", () -> faults(SourceFault.CONNECTION_FAILED) == 1);
    assertThat(rig.waitedFor.peek()).isNull();
  }

  @Test
  void keepsAFloodWithinItsBoundsAndLosesNothingOfIt() throws Exception {
    try (Socket client = opened()) {
      int count = 5000;
      String body = "<13>" + "x".repeat(996);
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 2; i < count + 2; i++) {
                  write(client, i + " syslog 1000 " + body + "\n");
                }
              });
      eventually("it is blocked", () -> rig.waitedFor.bytes() > 900_000);
      assertThat(rig.waitedFor.bytes()).isLessThanOrEqualTo(1 << 20);
      int taken = 0;
      while (taken < count) {
        Delivery delivery = SourceRig.take(rig.waitedFor);
        delivery.listener().durable();
        taken += delivery.messages().size();
      }
      sender.join();

      StringBuilder answers = new StringBuilder();
      for (int i = 2; i < count + 2; i++) {
        answers.append(i).append(" rsp 6 200 OK\n");
      }
      assertThat(read(client, answers.toString())).isTrue();
    }
  }

  private long faults(SourceFault fault) {
    return source.stats().faults().getOrDefault(fault, -1L);
  }

  private Socket opened() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), source.port().orElseThrow());
    client.setSoTimeout(10_000);
    write(client, OPEN);
    String offers = "200 OK\nrelp_version=0\nrelp_software=weir\ncommands=syslog";
    assertThat(read(client, "1 rsp " + offers.length() + " " + offers + "\n")).isTrue();
    return client;
  }

  private static void write(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Whether exactly this comes next.
  private static boolean read(Socket socket, String expected) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] bytes = in.readNBytes(expected.length());
    assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo(expected);
    return true;
  }
}
