package dev.weir.kv;

import dev.weir.base.Bytes;
import java.nio.charset.StandardCharsets;

/// The hash by which a router finds the storage node of a key: FNV-1a over bucket, a zero byte and
/// key, with a final mix, since routers take the low bits (Fowler, Noll, Vo; the mix is the
/// finaliser of MurmurHash3).
public final class KvRoute {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private KvRoute() {}

  public static long of(String bucket, Bytes key) {
    long hash = OFFSET_BASIS;
    for (byte b : bucket.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    hash *= PRIME;
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ (key.at(i) & 0xff)) * PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
