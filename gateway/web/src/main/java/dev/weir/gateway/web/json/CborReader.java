package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads CBOR (RFC 8949) of strangers into [JsonValue]s: whole numbers, bytes, text, arrays, maps,
/// true, false, null; of definite and indefinite length, no member twice, and within the limits of
/// [JsonReader]. Tags, floating point and strings in pieces are refused. One document, one thread.
public final class CborReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_TOKENS = 200_000;
  private static final int BREAK = CborOut.SIMPLE << 5 | CborOut.INDEFINITE;

  private final Bytes document;

  /// How deep the objects stand that say what they are: 1 in a frame of several.
  private int topDepth;

  private int at;
  private int tokens;

  private CborReader(Bytes document) {
    this.document = document;
  }

  /// @throws WeirException with MALFORMED, or TOO_LARGE for a document beyond the limits
  public static JsonValue read(Bytes document) {
    CborReader reader = new CborReader(document);
    JsonValue value = reader.value(0, false);
    if (reader.at != document.length()) {
      throw malformed("something follows the document");
    }
    return value;
  }

  private static WeirException malformed(String why) {
    return new WeirException(
        ErrorCode.MALFORMED, "The frame is not CBOR as it is taken: " + why + ".");
  }

  private int next() {
    if (at >= document.length()) {
      throw malformed("it ends too early");
    }
    return document.at(at++) & 0xff;
  }

  /// @param isWord whether a number stands for a name of the protocol
  private JsonValue value(int depth, boolean isWord) {
    if (depth > MAX_DEPTH || ++tokens > MAX_TOKENS) {
      throw new WeirException(
          ErrorCode.TOO_LARGE,
          "The frame is deeper than 64 levels, or has more than 200,000 parts.");
    }
    int head = next();
    int info = head & 31;
    return switch (head >> 5) {
      case CborOut.UNSIGNED -> {
        long number = argument(info);
        yield isWord
            ? new JsonValue.Text(word(number))
            : new JsonValue.Numeral(Long.toString(number));
      }
      case CborOut.NEGATIVE -> new JsonValue.Numeral(Long.toString(-1 - argument(info)));
      case CborOut.BYTES -> new JsonValue.Blob(Bytes.wrap(take(info)));
      case CborOut.TEXT -> new JsonValue.Text(text(info));
      case CborOut.ARRAY -> items(info, depth);
      case CborOut.MAP -> members(info, depth);
      case CborOut.SIMPLE -> simple(info);
      default -> throw malformed("a tag stands at byte " + (at - 1));
    };
  }

  private static JsonValue simple(int info) {
    return switch (info) {
      case CborOut.FALSE -> new JsonValue.Truth(false);
      case CborOut.TRUE -> new JsonValue.Truth(true);
      case CborOut.NULL -> new JsonValue.Null();
      default -> throw malformed("the simple value " + info + " means nothing here");
    };
  }

  private static String word(long number) {
    return CborNames.name(number)
        .orElseThrow(() -> malformed("the number " + number + " stands for no name"));
  }

  /// What follows a head: a number, or a length.
  private long argument(int info) {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw malformed("a length is of the kind " + info);
    }
    long value = 0;
    for (int i = 0; i < 1 << (info - 24); i++) {
      value = value << 8 | next();
    }
    if (value < 0) {
      throw malformed("a number is beyond 2^63");
    }
    return value;
  }

  private byte[] take(int info) {
    long length = argument(info);
    if (length > document.length() - at) {
      throw malformed("it ends too early");
    }
    byte[] taken = document.slice(at, (int) length).toArray();
    at += (int) length;
    return taken;
  }

  private String text(int info) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(take(info))).toString();
    } catch (CharacterCodingException _) {
      throw malformed("a text is not UTF-8");
    }
  }

  private boolean isBreak() {
    if (at < document.length() && (document.at(at) & 0xff) == BREAK) {
      at++;
      return true;
    }
    return false;
  }

  private JsonValue items(int info, int depth) {
    List<JsonValue> values = new ArrayList<>();
    topDepth = depth == 0 ? 1 : topDepth;
    if (info == CborOut.INDEFINITE) {
      while (!isBreak()) {
        values.add(value(depth + 1, false));
      }
    } else {
      for (long left = argument(info); left > 0; left--) {
        values.add(value(depth + 1, false));
      }
    }
    return new JsonValue.Items(values);
  }

  private JsonValue members(int info, int depth) {
    Map<String, JsonValue> values = new LinkedHashMap<>();
    if (info == CborOut.INDEFINITE) {
      while (!isBreak()) {
        member(values, depth);
      }
    } else {
      for (long left = argument(info); left > 0; left--) {
        member(values, depth);
      }
    }
    return new JsonValue.Members(values);
  }

  /// The words of `op` are numbers too, where it stands at the top, or in an array there.
  private void member(Map<String, JsonValue> values, int depth) {
    if (!(value(depth + 1, true) instanceof JsonValue.Text(String name))) {
      throw malformed("a name is neither text nor a number");
    }
    JsonValue value = value(depth + 1, depth == topDepth && name.equals("op"));
    if (values.put(name, value) != null) {
      throw malformed("the member '" + Texts.shown(name) + "' stands there twice");
    }
  }
}
