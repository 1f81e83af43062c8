package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One object of a JSON document, for reading by name. A field that is not there, or is of another
/// kind, reads as nothing: later versions may say more or less.
final class JsonTree {
  private static final JsonFactory FACTORY = new JsonFactory();

  /// Jackson's own limit on nesting is 500; documents of Weir nest three deep.
  private static final int MAX_DEPTH = 16;

  private final Map<String, Object> fields;

  private JsonTree(Map<String, Object> fields) {
    this.fields = fields;
  }

  /// Reads an object.
  ///
  /// @throws WeirException MALFORMED when it is none
  static JsonTree parse(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("it is no object");
      }
      return object(parser, 0);
    } catch (JacksonException e) {
      throw malformed(String.valueOf(e.getOriginalMessage()));
    }
  }

  private static WeirException malformed(String why) {
    return new WeirException(ErrorCode.MALFORMED, "The JSON cannot be read: " + why + ".");
  }

  private static JsonTree object(JsonParser parser, int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser, depth + 1));
    }
    return new JsonTree(fields);
  }

  private static Object value(JsonParser parser, int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("it nests too deep");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, depth);
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser, depth + 1));
        }
        yield values;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case null, default -> parser.getValueAsString("");
    };
  }

  /// Whether there is a field of this name.
  boolean has(String name) {
    return fields.containsKey(name);
  }

  /// A text; empty when it is not there.
  String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  /// A number; 0 when it is not there.
  long number(String name) {
    return fields.get(name) instanceof Long number ? number : 0;
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(fields.get(name));
  }

  /// An object; an empty one when it is not there.
  JsonTree object(String name) {
    return fields.get(name) instanceof JsonTree tree ? tree : new JsonTree(Map.of());
  }

  /// The objects of an array; none when it is not there.
  List<JsonTree> objects(String name) {
    List<JsonTree> objects = new ArrayList<>();
    if (fields.get(name) instanceof List<?> values) {
      for (Object value : values) {
        if (value instanceof JsonTree tree) {
          objects.add(tree);
        }
      }
    }
    return objects;
  }
}
