package dev.weir.edge.source.protobuf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What of a protobuf schema decides whether a reader can decode a message: which fields are
/// messages, which are text, which are packed. Fields that it does not name are passed over by
/// their wire type, as readers do with those that they do not know.
///
/// It is written as a table, a message type a line:
///
/// ```
/// Span: 3 text, 9 KeyValue, 11 Event
/// KeyValue: 1 text, 2 AnyValue
/// ```
///
/// A field is its number and what it holds: `text` (UTF-8), `varints` (packed or not), `fixed32s`,
/// `fixed64s`, or the name of a message type of the same table.
public final class WireSchema {
  private final Map<String, MessageType> types = new HashMap<>();
  private int typeCount;

  private WireSchema() {}

  /// What a field holds.
  enum Content {
    TEXT,
    VARINTS,
    FIXED32S,
    FIXED64S,
    MESSAGE
  }

  /// A field of a message type.
  ///
  /// @param message the type of a message field; else null
  record Field(Content content, @Nullable MessageType message) {}

  /// A message type; its fields are set while the table is read and never after.
  static final class MessageType {
    private final String name;
    private final int index;
    private @Nullable Field[] fields = new Field[0];

    private MessageType(String name, int index) {
      this.name = name;
      this.index = index;
    }

    String name() {
      return name;
    }

    int index() {
      return index;
    }

    /// The field of a number; null when the schema does not name it.
    @Nullable Field field(int number) {
      return number < fields.length ? fields[number] : null;
    }
  }

  /// Reads a table.
  ///
  /// @throws IllegalArgumentException when it is not one: tables are part of the code
  public static WireSchema parse(String table) {
    WireSchema schema = new WireSchema();
    table.lines().filter(line -> !line.isBlank()).forEach(schema::parseLine);
    for (MessageType type : schema.types.values()) {
      if (type.fields.length == 0) {
        throw new IllegalArgumentException("the table has no line for " + type.name);
      }
    }
    return schema;
  }

  private void parseLine(String line) {
    String[] parts = line.strip().split(":\\s*", 2);
    List<@Nullable Field> fields = new ArrayList<>();
    fields.add(null); // Numbers begin with 1.
    for (String part : parts[1].split(",\\s*", -1)) {
      String[] words = part.strip().split(" ", 2);
      int number = Integer.parseInt(words[0]);
      while (fields.size() <= number) {
        fields.add(null);
      }
      fields.set(number, field(words[1]));
    }
    type(parts[0]).fields = fields.toArray(Field[]::new);
  }

  private Field field(String content) {
    return switch (content) {
      case "text" -> new Field(Content.TEXT, null);
      case "varints" -> new Field(Content.VARINTS, null);
      case "fixed32s" -> new Field(Content.FIXED32S, null);
      case "fixed64s" -> new Field(Content.FIXED64S, null);
      default -> new Field(Content.MESSAGE, type(content));
    };
  }

  private MessageType type(String name) {
    return types.computeIfAbsent(name, n -> new MessageType(n, typeCount++));
  }

  /// @throws IllegalArgumentException when the table does not name the type
  MessageType require(String name) {
    @Nullable MessageType type = types.get(name);
    if (type == null) {
      throw new IllegalArgumentException("the table does not name " + name);
    }
    return type;
  }

  int typeCount() {
    return typeCount;
  }
}
