package dev.weir.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A TUN device: what the kernel routes into it is read here as whole IP packets, and what is
/// written here arrives at it. It vanishes with its descriptor, whoever's process that was.
///
/// ```
///   struct ifreq   0              16       18                         40
///                  ├──────────────┼────────┼──────────────────────────┤
///                  │ name, zero-  │ flags  │ unused                   │
///                  │ terminated   │        │                          │
/// ```
///
/// Source: the kernel's Documentation/networking/tuntap.rst.
final class TunDevice implements AutoCloseable {
  private static final String CONTROL = "/dev/net/tun";
  private static final long TUNSETIFF = 0x400454caL;
  private static final short IFF_TUN = 0x0001;
  private static final short IFF_NO_PI = 0x1000;
  private static final int REQUEST_BYTES = 40;
  private static final int MAX_NAME_BYTES = 15;

  private final String name;
  private final int descriptor;

  private TunDevice(String name, int descriptor) {
    this.name = name;
    this.descriptor = descriptor;
  }

  /// Makes the device in the calling thread's namespace; down, and without an address.
  ///
  /// @param name at most 15 bytes, not taken
  /// @throws IOException without the right to, or without the kernel's tun module
  static TunDevice open(String name) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException("'" + name + "' is longer than 15 bytes");
    }
    try (Arena arena = Arena.ofConfined()) {
      Native calls = new Native(arena);
      int descriptor = calls.openDevice(CONTROL);
      MemorySegment request = arena.allocate(REQUEST_BYTES, 8);
      MemorySegment.copy(bytes, 0, request, ValueLayout.JAVA_BYTE, 0, bytes.length);
      request.set(ValueLayout.JAVA_SHORT, 16, (short) (IFF_TUN | IFF_NO_PI));
      try {
        calls.ioctl(descriptor, TUNSETIFF, request, "TUNSETIFF " + name);
      } catch (IOException e) {
        calls.close(descriptor);
        throw e;
      }
      return new TunDevice(name, descriptor);
    }
  }

  String name() {
    return name;
  }

  int descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      new Native(arena).close(descriptor);
    }
  }
}
