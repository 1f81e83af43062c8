package dev.weir.auth;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Who a router's client is, as the router tells the storage node behind it. It holds no secret.
/// The storage node believes it of nobody but a user who may introduce others ([#RIGHT]), and holds
/// the identity against its own book like one that it let in itself.
///
/// ```
///  version u8 = 1 | expiry micros i64 | proof u8 | roles u16 |
///  texts, each u16 length and UTF-8: user, credential, stamp, address, network, roles…
/// ```
///
/// @param origin where the client comes from, as the router sees it
public record Introduction(Identity identity, Origin origin) {
  /// What `manage` is needed on to introduce others.
  public static final String RIGHT = "$weir/clients";

  /// A few hundred bytes are usual; tokens with many groups have more.
  public static final int MAX_BYTES = 32 << 10;

  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 12;

  /// Writes it.
  ///
  /// @throws WeirException TOO_LARGE beyond [#MAX_BYTES]
  public Bytes encode() {
    List<byte[]> texts = new ArrayList<>();
    for (String text :
        List.of(
            identity.user(),
            identity.credential(),
            identity.stamp(),
            origin.address(),
            origin.network())) {
      texts.add(text.getBytes(StandardCharsets.UTF_8));
    }
    identity.roles().forEach(role -> texts.add(role.getBytes(StandardCharsets.UTF_8)));
    int bytes = FIXED_BYTES + texts.stream().mapToInt(text -> 2 + text.length).sum();
    if (bytes > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "What is told of '"
              + identity.user()
              + "' has "
              + bytes
              + " bytes, expected "
              + MAX_BYTES
              + " at most.");
    }
    ByteBuffer out = ByteBuffer.allocate(bytes);
    out.put((byte) VERSION)
        .putLong(identity.expiryMicros())
        .put((byte) code(identity.proof()))
        .putShort((short) identity.roles().size());
    texts.forEach(text -> out.putShort((short) text.length).put(text));
    return Bytes.wrap(out.array());
  }

  private static int code(Identity.Proof proof) {
    return switch (proof) {
      case PASSWORD -> 0;
      case KEY -> 1;
      case JWT -> 2;
      case CERTIFICATE -> 3;
    };
  }

  private static Identity.Proof proof(int code) {
    return switch (code) {
      case 0 -> Identity.Proof.PASSWORD;
      case 1 -> Identity.Proof.KEY;
      case 2 -> Identity.Proof.JWT;
      case 3 -> Identity.Proof.CERTIFICATE;
      default -> throw malformed("names proof " + code + ", expected 0 to 3");
    };
  }

  /// Reads it.
  ///
  /// @param door by which the router's stream came
  /// @throws WeirException MALFORMED
  public static Introduction decode(Bytes bytes, String door) {
    ByteBuffer in = bytes.buffer();
    try {
      int version = in.get();
      if (version != VERSION) {
        throw malformed("has version " + version + ", expected " + VERSION);
      }
      long expiryMicros = in.getLong();
      Identity.Proof proof = proof(in.get());
      int roleCount = in.getShort() & 0xffff;
      String user = text(in);
      String credential = text(in);
      String stamp = text(in);
      String address = text(in);
      String network = text(in);
      List<String> roles = new ArrayList<>();
      for (int i = 0; i < roleCount; i++) {
        roles.add(text(in));
      }
      if (in.hasRemaining()) {
        throw malformed("ends with " + in.remaining() + " bytes too many");
      }
      return new Introduction(
          new Identity(user, proof, credential, roles, expiryMicros, stamp),
          new Origin(door, address, network));
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw malformed("cannot be read (" + e + ")");
    }
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[Math.min(in.getShort() & 0xffff, in.remaining() + 1)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static WeirException malformed(String fault) {
    return new WeirException(
        ErrorCode.MALFORMED, "What a router says of its client " + fault + ".");
  }
}
