package dev.weir.broker.embedded;

import dev.weir.base.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A message id, reduced to 16 bytes: the front of its SHA-256, so that nobody can find an id that
/// suppresses another's message.
record IdHash(long high, long low) {
  /// Computes hashes. Owned by one thread at a time.
  static final class Hasher {
    private final MessageDigest digest;

    Hasher() {
      try {
        this.digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    IdHash hash(Bytes id) {
      digest.update(id.array(), id.arrayOffset(), id.length());
      ByteBuffer hash = ByteBuffer.wrap(digest.digest());
      return new IdHash(hash.getLong(), hash.getLong());
    }
  }
}
