package dev.weir.router.nodes;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.router.SlotSet;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The bytes of both messages, version 1; big-endian. NAME is `length u8 | UTF-8`.
///
/// ```
///  announcement  version u8 = 1 | period u32 ms | start u64 | map version u64 | map hash u64 |
///                NAME router | NAME node | slots 2048 bytes, slot n is bit n & 7 of byte n >>> 3
///  report        version u8 = 1 | flags u8 | map version u64 | map hash u64 |
///                revisions u64 | bytes u64 | queue bytes u64 | commit u64 us |
///                NAME node | NAME router of the map | NAME node in the map |
///                NAME fault, empty for none
///                  flags: bit 0 is draining, others 0
/// ```
///
/// A later version may add bytes behind what is fixed here; they are skipped, up to [#MAX_BYTES] in
/// all.
final class NodeCodec {
  /// Beyond it a message is refused before it is looked at: what version 1 needs, and as much again
  /// for later ones.
  static final int MAX_BYTES = 8 << 10;

  private static final int VERSION = 1;
  private static final int DRAINING = 1;
  private static final int ANNOUNCEMENT_BYTES = 29 + SlotSet.BYTES;
  private static final int REPORT_BYTES = 50;

  private NodeCodec() {}

  static void checkName(String what, String name) {
    checkText(what, name, 1);
  }

  static void checkText(String what, String text, int minBytes) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    Checks.range("bytes of " + what, bytes, minBytes, Announcement.MAX_NAME_BYTES);
  }

  static Bytes encode(Announcement said) {
    byte[] router = said.router().getBytes(StandardCharsets.UTF_8);
    byte[] node = said.node().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(ANNOUNCEMENT_BYTES + 2 + router.length + node.length);
    out.put((byte) VERSION).putInt(said.periodMillis()).putLong(said.start());
    out.putLong(said.mapVersion()).putLong(said.mapHash());
    out.put((byte) router.length).put(router).put((byte) node.length).put(node);
    out.put(said.slots().bits().buffer());
    return Bytes.wrap(out.array());
  }

  static Bytes encode(NodeReport said) {
    byte[] node = said.node().getBytes(StandardCharsets.UTF_8);
    byte[] router = said.mapRouter().getBytes(StandardCharsets.UTF_8);
    byte[] mapNode = said.mapNode().getBytes(StandardCharsets.UTF_8);
    byte[] fault = said.figures().fault().getBytes(StandardCharsets.UTF_8);
    int names = 4 + node.length + router.length + mapNode.length + fault.length;
    ByteBuffer out = ByteBuffer.allocate(REPORT_BYTES + names);
    out.put((byte) VERSION).put((byte) (said.isDraining() ? DRAINING : 0));
    out.putLong(said.mapVersion()).putLong(said.mapHash());
    out.putLong(said.figures().revisions()).putLong(said.figures().bytes());
    out.putLong(said.figures().queueBytes()).putLong(said.figures().commitMicros());
    out.put((byte) node.length).put(node).put((byte) router.length).put(router);
    out.put((byte) mapNode.length).put(mapNode).put((byte) fault.length).put(fault);
    return Bytes.wrap(out.array());
  }

  /// Reads an announcement; what it holds are copies.
  ///
  /// @throws WeirException UNSUPPORTED_VERSION, MALFORMED or TOO_LARGE
  static Announcement announcement(Bytes bytes) {
    return read(
        "An announcement",
        bytes,
        in -> {
          int periodMillis = in.getInt();
          long start = in.getLong();
          long mapVersion = in.getLong();
          long mapHash = in.getLong();
          String router = text(in);
          String node = text(in);
          byte[] slots = new byte[SlotSet.BYTES];
          in.get(slots);
          SlotSet set = new SlotSet(Bytes.wrap(slots));
          return new Announcement(router, start, mapVersion, mapHash, node, set, periodMillis);
        });
  }

  /// Reads a report.
  ///
  /// @throws WeirException as above
  static NodeReport report(Bytes bytes) {
    return read(
        "A storage node's report",
        bytes,
        in -> {
          int flags = in.get();
          long mapVersion = in.getLong();
          long mapHash = in.getLong();
          long revisions = in.getLong();
          long kept = in.getLong();
          long queueBytes = in.getLong();
          long commitMicros = in.getLong();
          String node = text(in);
          String router = text(in);
          String mapNode = text(in);
          NodeReport.Figures figures =
              new NodeReport.Figures(text(in), revisions, kept, queueBytes, commitMicros);
          boolean isDraining = (flags & DRAINING) != 0;
          return new NodeReport(node, isDraining, figures, mapVersion, mapHash, router, mapNode);
        });
  }

  @FunctionalInterface
  private interface Fields<T> {
    T read(ByteBuffer in) throws CharacterCodingException;
  }

  private static <T> T read(String what, Bytes bytes, Fields<T> fields) {
    if (bytes.length() > MAX_BYTES) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          what + " has " + bytes.length() + " bytes, expected " + MAX_BYTES + " at most.");
    }
    ByteBuffer in = bytes.buffer().order(ByteOrder.BIG_ENDIAN);
    try {
      int version = in.get();
      if (version != VERSION) {
        throw new WeirException(
            ErrorCode.UNSUPPORTED_VERSION,
            what + " has version " + version + ", expected " + VERSION + ".");
      }
      return fields.read(in);
    } catch (BufferUnderflowException | CharacterCodingException | IllegalArgumentException e) {
      throw new WeirException(ErrorCode.MALFORMED, what + " cannot be read (" + e + ").", e);
    }
  }

  private static String text(ByteBuffer in) throws CharacterCodingException {
    byte[] bytes = new byte[in.get() & 0xff];
    in.get(bytes);
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
