package dev.weir.log;

import dev.weir.base.Bytes;
import dev.weir.base.Checks;

/// One frame as its owner appends it. The log keeps header and payload as they are and does not
/// copy them again before they are on disk: their arrays must never change, and should not be
/// slices of something much larger, because the newest frames stay in memory.
///
/// @param type DATA, CONTROL or LOSS
/// @param codec how the payload is encoded, 0 to 255, the owner's numbering
/// @param flags 16 bits for the owner
/// @param count messages in a DATA frame, at least 1; 0 for the others
/// @param lane the sender's lane within its session
/// @param laneSequence the lane's sequence number of this frame
/// @param dictionaryId the compression dictionary, 0 for none
/// @param dictionary its bytes: a segment that has no copy of them gets one in front of this frame,
///   so that no segment needs another to be read; empty when there is none
/// @param rawLength the payload's bytes before compression
/// @param header what must be readable without decompressing: topics, keys, identity
/// @param payload the messages
public record LogEntry(
    FrameType type,
    int codec,
    int flags,
    int count,
    int lane,
    long laneSequence,
    int dictionaryId,
    Bytes dictionary,
    int rawLength,
    Bytes header,
    Bytes payload) {

  public LogEntry {
    Checks.argument(
        type == FrameType.DATA || type == FrameType.CONTROL || type == FrameType.LOSS,
        "type is " + type + ", expected DATA, CONTROL or LOSS");
    Checks.range("codec", codec, 0, 255);
    Checks.range("flags", flags, 0, 65_535);
    if (type == FrameType.DATA) {
      Checks.range("count", count, 1, Integer.MAX_VALUE);
    } else {
      Checks.range("count", count, 0, 0);
    }
    Checks.argument(
        dictionary.isEmpty() || dictionaryId != 0, "a dictionary without an id: " + dictionary);
    Checks.range("rawLength", rawLength, 0, Integer.MAX_VALUE);
    Checks.range(
        "header and payload",
        (long) header.length() + payload.length(),
        0,
        Layout.LARGEST_BODY_BYTES);
  }

  /// An entry without a dictionary.
  public LogEntry(
      FrameType type,
      int codec,
      int flags,
      int count,
      int lane,
      long laneSequence,
      int rawLength,
      Bytes header,
      Bytes payload) {
    this(type, codec, flags, count, lane, laneSequence, 0, Bytes.EMPTY, rawLength, header, payload);
  }

  /// An uncompressed DATA frame without a lane.
  public static LogEntry data(int count, Bytes header, Bytes payload) {
    return new LogEntry(FrameType.DATA, 0, 0, count, 0, 0, payload.length(), header, payload);
  }

  /// A CONTROL frame.
  public static LogEntry control(Bytes header, Bytes payload) {
    return new LogEntry(FrameType.CONTROL, 0, 0, 0, 0, 0, payload.length(), header, payload);
  }

  /// A dictionary by itself, to be durable before anything uses it: a CONTROL frame that names it.
  public static LogEntry dictionary(int id, Bytes dictionary, Bytes header) {
    Checks.argument(id != 0 && !dictionary.isEmpty(), "a dictionary needs an id and bytes");
    return new LogEntry(
        FrameType.CONTROL, 0, 0, 0, 0, 0, id, Bytes.EMPTY, dictionary.length(), header, dictionary);
  }

  int bodyBytes() {
    return header.length() + payload.length();
  }

  /// What the frame takes on disk.
  int frameBytes() {
    return Layout.align(Layout.FRAME_HEADER_BYTES + bodyBytes());
  }
}
