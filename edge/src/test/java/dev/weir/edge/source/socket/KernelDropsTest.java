package dev.weir.edge.source.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class KernelDropsTest {
  private static final String TABLE =
      """
         sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
        157: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 25341 2 0000000000000000 17
        158: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 25342 2 0000000000000000 4
      """;

  @Test
  void findsTheSocketByAddressAndPort() throws Exception {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 514);
      assertThat(KernelDrops.name(loopback)).isEqualTo("0100007F:0202");
      InetSocketAddress ipv6 = new InetSocketAddress(InetAddress.ofLiteral("::1"), 514);
      assertThat(KernelDrops.name(ipv6)).isEqualTo("00000000000000000000000001000000:0202");
    }
    assertThat(KernelDrops.find(TABLE, "0100007F:0202")).isEqualTo(OptionalLong.of(17));
    assertThat(KernelDrops.find(TABLE, "00000000:0202")).isEqualTo(OptionalLong.of(4));
    assertThat(KernelDrops.find(TABLE, "0200007F:0202")).isEmpty();
  }
}
