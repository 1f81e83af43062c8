package dev.weir.edge.source.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalLong;

/// How many datagrams the kernel dropped at a socket since it was bound: the last column of
/// `/proc/net/udp` (proc(5)), whose second names the socket by its address and port in hexadecimal,
/// the address in words of the machine's byte order.
final class KernelDrops {
  private static final int ADDRESS_COLUMN = 1;

  private KernelDrops() {}

  /// Empty where the kernel does not tell.
  static OptionalLong of(InetSocketAddress local) {
    boolean isIpv4 = local.getAddress() instanceof Inet4Address;
    Path table = Path.of(isIpv4 ? "/proc/net/udp" : "/proc/net/udp6");
    try {
      return find(Files.readString(table, StandardCharsets.US_ASCII), name(local));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong find(String table, String name) {
    for (String line : table.split("\n", -1)) {
      String[] columns = line.strip().split("\\s+", -1);
      if (columns.length > ADDRESS_COLUMN + 1 && columns[ADDRESS_COLUMN].equals(name)) {
        String drops = columns[columns.length - 1];
        return drops.matches("\\d{1,18}")
            ? OptionalLong.of(Long.parseLong(drops))
            : OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }

  /// `0100007F:0202` for 127.0.0.1:514 on a little-endian machine.
  static String name(InetSocketAddress local) {
    HexFormat hex = HexFormat.of().withUpperCase();
    ByteBuffer address = ByteBuffer.wrap(local.getAddress().getAddress());
    address.order(ByteOrder.nativeOrder());
    StringBuilder name = new StringBuilder();
    while (address.hasRemaining()) {
      name.append(hex.toHexDigits(address.getInt()));
    }
    return name.append(':').append(hex.toHexDigits((short) local.getPort())).toString();
  }
}
