package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON documents of strangers into [JsonValue]s: RFC 8259 to the letter, no member twice,
/// and within limits, so that a small text makes no large tree.
public final class JsonReader {
  /// A message within an array within an object, and a body of the publisher's own making.
  private static final int MAX_DEPTH = 64;

  /// A thousand messages of twenty members and some headers each.
  private static final long MAX_TOKENS = 200_000;

  private static final int MAX_NAME_CHARS = 1_024;
  private static final int MAX_NUMBER_CHARS = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxTokenCount(MAX_TOKENS)
                  .maxNameLength(MAX_NAME_CHARS)
                  .maxNumberLength(MAX_NUMBER_CHARS)
                  .maxStringLength(Integer.MAX_VALUE) // The text's own length is bounded.
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonReader() {}

  /// @throws WeirException with MALFORMED, or TOO_LARGE for a document beyond the limits
  public static JsonValue read(Bytes text) {
    try (JsonParser parser =
        FACTORY.createParser(
            ObjectReadContext.empty(), text.array(), text.arrayOffset(), text.length())) {
      JsonValue value = value(parser, parser.nextToken());
      if (parser.nextToken() != null) {
        throw malformed("Something follows the JSON document.");
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw new WeirException(
          ErrorCode.TOO_LARGE, "The JSON document is beyond a limit: " + e.getOriginalMessage(), e);
    } catch (StreamReadException e) {
      throw malformed(
          "The body is not JSON: "
              + e.getOriginalMessage()
              + (e.getLocation() == null
                  ? "."
                  : " (line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()
                      + ")."));
    }
  }

  private static JsonValue value(JsonParser parser, @Nullable JsonToken token) {
    if (token == null) {
      throw malformed("The body is empty, expected JSON.");
    }
    return switch (token) {
      case VALUE_STRING -> new JsonValue.Text(parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Numeral(parser.getString());
      case VALUE_TRUE -> new JsonValue.Truth(true);
      case VALUE_FALSE -> new JsonValue.Truth(false);
      case VALUE_NULL -> new JsonValue.Null();
      case START_ARRAY -> items(parser);
      case START_OBJECT -> members(parser);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw malformed("The body is not JSON.");
    };
  }

  private static JsonValue items(JsonParser parser) {
    List<JsonValue> values = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      values.add(value(parser, token));
      token = parser.nextToken();
    }
    return new JsonValue.Items(values);
  }

  private static JsonValue members(JsonParser parser) {
    Map<String, JsonValue> values = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      values.put(name, value(parser, parser.nextToken()));
    }
    return new JsonValue.Members(values);
  }

  static WeirException malformed(String detail) {
    return new WeirException(ErrorCode.MALFORMED, detail);
  }

  /// A value as a document of its own.
  static String write(JsonValue value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonValue value, StringBuilder out) {
    switch (value) {
      case JsonValue.Text(String text) -> quote(text, out);
      case JsonValue.Blob(Bytes bytes) ->
          quote(Base64.getEncoder().encodeToString(bytes.toArray()), out);
      case JsonValue.Numeral(String digits) -> out.append(digits);
      case JsonValue.Truth(boolean isTrue) -> out.append(isTrue);
      case JsonValue.Null _ -> out.append("null");
      case JsonValue.Items(List<JsonValue> values) -> {
        String separator = "[";
        for (JsonValue item : values) {
          out.append(separator);
          write(item, out);
          separator = ",";
        }
        out.append(values.isEmpty() ? "[]" : "]");
      }
      case JsonValue.Members(Map<String, JsonValue> values) -> {
        String separator = "{";
        for (Map.Entry<String, JsonValue> member : values.entrySet()) {
          out.append(separator);
          quote(member.getKey(), out);
          out.append(':');
          write(member.getValue(), out);
          separator = ",";
        }
        out.append(values.isEmpty() ? "{}" : "}");
      }
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }
}
