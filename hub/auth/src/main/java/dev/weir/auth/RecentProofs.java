package dev.weir.auth;

import dev.weir.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What was proved of late, so that a client that shows its credentials with every call costs one
/// hash and not one Argon2. A secret is held as its HMAC under a key that this process drew, mixed
/// with what it was held against: another password in the book is another entry. Any thread.
final class RecentProofs<T> {
  private final int capacity;
  private final long lifeNanos;
  private final byte[] key = new byte[32];
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Bytes, Proved<T>> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Proved<T>(T value, long untilNanos) {}

  RecentProofs(int capacity, long lifeNanos) {
    this.capacity = capacity;
    this.lifeNanos = lifeNanos;
    new SecureRandom().nextBytes(key);
  }

  /// Names a proof by all that it depends on.
  Bytes name(String... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        for (int shift = 24;
            shift >= 0;
            shift -= 8) { // Its length first: no part runs into another.
          mac.update((byte) (bytes.length >>> shift));
        }
        mac.update(bytes);
      }
      return Bytes.wrap(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }

  Optional<T> find(Bytes name, long nowNanos) {
    lock.lock();
    try {
      Proved<T> found = entries.get(name);
      if (found == null) {
        return Optional.empty();
      }
      if (nowNanos - found.untilNanos() >= 0) {
        entries.remove(name);
        return Optional.empty();
      }
      return Optional.of(found.value());
    } finally {
      lock.unlock();
    }
  }

  void keep(Bytes name, T value, long nowNanos) {
    lock.lock();
    try {
      entries.put(name, new Proved<>(value, nowNanos + lifeNanos));
      Iterator<Proved<T>> eldest = entries.values().iterator();
      while (entries.size() > capacity) {
        eldest.next();
        eldest.remove();
      }
    } finally {
      lock.unlock();
    }
  }
}
