package dev.weir.message;

import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;

/// A trained zstd dictionary (RFC 8878 §5) under an id that follows from its content, so that every
/// core that is given it knows it by the same number, and a frame means the same wherever it goes.
///
/// ```
///  0         4      8                                   length
///  ├ magic ──┼ id ──┼ entropy tables, repeat offsets, content ┤
///            └ 32768 + (first 4 bytes of SHA-256 over bytes 8 …) mod (2^31 - 32768), little-endian
/// ```
///
/// Ids below 32,768 and from 2^31 on are reserved by zstd. Two contents share an id with a
/// probability of 2^-31; whoever keeps dictionaries compares the bytes and refuses the second, and
/// frames carry a content checksum.
///
/// Immutable. The digested forms that zstd works with are made at first use, some 150 KiB for
/// decoding and up to 1 MiB a level for encoding, and live as long as this object. Any thread.
public final class Dictionary {
  public static final int MIN_ID = 1 << 15;

  /// The magic, the id, and entropy tables of the least size.
  public static final int MIN_BYTES = 256;

  public static final int MAX_BYTES = 1 << 20;

  /// What zstd's own tools make; the gain from more was below 1 % on labels of 0.8 to 14 KB.
  public static final int DEFAULT_BYTES = 110 << 10;

  private static final int MAGIC = 0xEC30A437;
  private static final int ID_AT = 4;
  private static final int CONTENT_AT = 8;

  /// The rungs of an adaptive level, and a fixed one.
  private static final int MAX_LEVELS = 4;

  private final int id;
  private final Bytes bytes;
  private final Bytes sha256;
  private final ZstdDictDecompress decoding;
  private final Map<Integer, ZstdDictCompress> encoding = new HashMap<>();

  private Dictionary(int id, Bytes bytes) {
    this.id = id;
    this.bytes = bytes;
    this.sha256 = sha256(bytes);
    this.decoding = decoding(bytes);
  }

  /// Takes a dictionary that came from elsewhere.
  ///
  /// @throws WeirException with MALFORMED when it is none or bears another id than its content
  ///   gives, TOO_LARGE beyond [#MAX_BYTES]
  public static Dictionary of(Bytes bytes) {
    check(bytes);
    int claimed = little(bytes).getInt(ID_AT);
    int expected = idOf(bytes);
    if (claimed != expected) {
      throw malformed("bears the id " + claimed + ", its content gives " + expected);
    }
    return new Dictionary(claimed, bytes);
  }

  /// Takes what a trainer made, and gives it its id.
  ///
  /// @throws WeirException as [#of]
  public static Dictionary trained(byte[] trained) {
    Bytes bytes = Bytes.wrap(trained.clone());
    check(bytes);
    int id = idOf(bytes);
    little(bytes).putInt(ID_AT, id);
    return new Dictionary(id, bytes);
  }

  private static void check(Bytes bytes) {
    if (bytes.length() > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "A dictionary has " + bytes.length() + " bytes, at most " + MAX_BYTES + ".");
    }
    if (bytes.length() < MIN_BYTES || little(bytes).getInt(0) != MAGIC) {
      throw malformed("of " + bytes.length() + " bytes is not one of zstd");
    }
  }

  private static ByteBuffer little(Bytes bytes) {
    return ByteBuffer.wrap(bytes.array(), bytes.arrayOffset(), bytes.length())
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int idOf(Bytes bytes) {
    Bytes content = bytes.slice(CONTENT_AT, bytes.length() - CONTENT_AT);
    long prefix = Integer.toUnsignedLong(sha256(content).buffer().getInt());
    return (int) (MIN_ID + prefix % ((1L << 31) - MIN_ID));
  }

  private static Bytes sha256(Bytes bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.array(), bytes.arrayOffset(), bytes.length());
      return Bytes.wrap(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static ZstdDictDecompress decoding(Bytes bytes) {
    try {
      return new ZstdDictDecompress(bytes.array(), bytes.arrayOffset(), bytes.length());
    } catch (IllegalStateException e) {
      throw new WeirException(
          ErrorCode.MALFORMED, "The entropy tables of a dictionary do not decode.", e);
    }
  }

  /// From [#MIN_ID] to 2^31 - 1.
  public int id() {
    return id;
  }

  public Bytes bytes() {
    return bytes;
  }

  /// Of all its bytes: what it is known by where ids could be guessed.
  public Bytes sha256() {
    return sha256;
  }

  ZstdDictDecompress decoding() {
    return decoding;
  }

  /// The digested form for a level; making it takes some milliseconds.
  synchronized ZstdDictCompress encoding(int level) {
    if (encoding.size() >= MAX_LEVELS && !encoding.containsKey(level)) {
      encoding.clear(); // zstd-jni frees what nobody uses.
    }
    return encoding.computeIfAbsent(
        level,
        _ -> new ZstdDictCompress(bytes.array(), bytes.arrayOffset(), bytes.length(), level));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dictionary that && sha256.equals(that.sha256);
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return "dictionary " + id + " of " + bytes.length() + " bytes";
  }

  private static WeirException malformed(String fault) {
    return new WeirException(ErrorCode.MALFORMED, "A dictionary " + fault + ".");
  }
}
