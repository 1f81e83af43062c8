package dev.weir.gateway.web.live;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.gateway.web.json.JsonFields;
import dev.weir.gateway.web.json.JsonValue;
import java.util.List;

/// What one frame of a client says: an object, or an array of several (docs/adr/0040).
///
/// @param isSeveral whether it was an array, whose sender takes such frames as well
record SocketFrame(boolean isSeveral, List<JsonFields> objects) {
  /// As many as a batch has messages.
  static final int MAX_OBJECTS = 1_000;

  /// @throws WeirException when it is neither, or holds too many
  static SocketFrame of(JsonValue value) {
    if (!(value instanceof JsonValue.Items(List<JsonValue> items))) {
      return new SocketFrame(false, List.of(JsonFields.of("The frame", value)));
    }
    if (items.size() > MAX_OBJECTS) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The frame has " + items.size() + " objects, at most " + MAX_OBJECTS + ".");
    }
    return new SocketFrame(
        true, items.stream().map(item -> JsonFields.of("A part of the frame", item)).toList());
  }
}
