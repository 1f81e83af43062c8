package dev.weir.edge.source.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.FileConfig.StartsAt;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceFault;
import dev.weir.edge.source.SourceRig;
import dev.weir.message.Message;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// On what `journalctl -o export` was recorded to print.
final class JournalSourceTest {
  private static final String FIRST =
      """
      __CURSOR=s=a1;i=1
      __REALTIME_TIMESTAMP=1732550400000001
      __MONOTONIC_TIMESTAMP=1
      _BOOT_ID=b
      PRIORITY=4
      _HOSTNAME=box
      SYSLOG_IDENTIFIER=sshd
      _PID=77
      _SYSTEMD_UNIT=ssh.service
      MESSAGE=one
      OTHER=value

      """;

  private final SourceRig rig = new SourceRig();
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

  @Test
  void makesAMessageOfAnEntryAndKeepsItsCursorWithIt() throws Exception {
    recorded.writeBytes(utf8(FIRST));
    JournalSource source = source(Map.of());
    source.read(new ByteArrayInputStream(recorded.toByteArray()));

    Delivery delivery = SourceRig.take(rig.pulled);
    Message message = delivery.messages().getFirst();
    assertThat(message.body().utf8()).isEqualTo("one");
    assertThat(message.timeMicros()).isEqualTo(1_732_550_400_000_001L);
    assertThat(message.headers())
        .containsEntry("severity", "warning")
        .containsEntry("host", "box")
        .containsEntry("app", "sshd")
        .containsEntry("procid", "77")
        .containsEntry("unit", "ssh.service")
        .containsEntry("OTHER", "value")
        .doesNotContainKey("__CURSOR");
    assertThat(delivery.positions()).containsEntry("journal/j", Bytes.utf8("s=a1;i=1"));
    assertThat(source.command()).contains("--after-cursor=s=a1;i=1");
  }

  @Test
  void keepsBinaryValuesAndCutsThoseOverTheLimitWithoutHarmToTheNext() throws Exception {
    byte[] binary = {'a', '\n', (byte) 0xff, 0, 'b'};
    recorded.writeBytes(utf8("__CURSOR=c1\nMESSAGE\n"));
    recorded.writeBytes(counted(binary));
    recorded.writeBytes(utf8("\n__CURSOR=c2\nMESSAGE\n"));
    recorded.writeBytes(counted(new byte[5000]));
    recorded.writeBytes(utf8("\n__CURSOR=c3\nMESSAGE=" + "y".repeat(3000) + "\n\n"));
    recorded.writeBytes(utf8(FIRST));
    JournalSource source = source(Map.of());
    source.read(new ByteArrayInputStream(recorded.toByteArray()));

    List<Message> messages = SourceRig.take(rig.pulled, 4);

    assertThat(messages.get(0).body()).isEqualTo(Bytes.wrap(binary));
    assertThat(messages.get(1).body().length()).isEqualTo(1024);
    assertThat(messages.get(1).headers()).containsEntry("weir-split", "1+");
    assertThat(messages.get(2).body().length()).isEqualTo(1024);
    assertThat(messages.get(3).body().utf8()).isEqualTo("one");
    assertThat(source.stats().faults()).containsEntry(SourceFault.OVERSIZE, 2L);
  }

  @Test
  void takesWholeEntriesOnlyHoweverTheEndCutsThem() throws Exception {
    byte[] all = utf8(FIRST + FIRST.replace("i=1", "i=2"));
    for (int length = 0; length < all.length; length++) {
      JournalSource source = source(Map.of("journal/j", Bytes.utf8("start")));
      source.read(new ByteArrayInputStream(all, 0, length));
      int whole = length < FIRST.length() ? 0 : 1;
      int taken = 0;
      while (rig.pulled.peek() != null) {
        taken += SourceRig.take(rig.pulled).messages().size();
      }
      assertThat(taken).as("length %s", length).isEqualTo(whole);
      assertThat(source.command())
          .contains("--after-cursor=" + (whole == 1 ? "s=a1;i=1" : "start"));
    }
  }

  @Test
  void refusesWhatIsNotTheFormatAndTakesWhatStoodBefore() throws Exception {
    recorded.writeBytes(utf8(FIRST + "x".repeat(300) + "=1\n\n"));
    JournalSource source = source(Map.of());

    assertThatThrownBy(() -> source.read(new ByteArrayInputStream(recorded.toByteArray())))
        .isInstanceOf(WeirException.class);
    assertThat(source.command()).contains("--no-tail");
  }

  private JournalSource source(Map<String, Bytes> positions) {
    JournalConfig config =
        new JournalConfig(
            "j", "t", List.of(), Optional.empty(), StartsAt.BEGINNING, new ByteSize(1024));
    return new JournalSource(
        config,
        new SourceContext(
            rig.pulled,
            rig.waitedFor,
            Optional::empty,
            positions,
            InputStream.nullInputStream(),
            rig.clock));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] counted(byte[] value) {
    ByteBuffer out = ByteBuffer.allocate(8 + value.length + 1).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(value.length).put(value).put((byte) '\n');
    return out.array();
  }
}
