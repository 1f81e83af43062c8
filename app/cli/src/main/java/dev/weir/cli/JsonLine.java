package dev.weir.cli;

import dev.weir.base.Bytes;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// One line of JSON, written field by field.
final class JsonLine implements AutoCloseable {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text);

  JsonLine() {
    json.writeStartObject();
  }

  JsonLine put(String name, String value) {
    json.writeStringProperty(name, value);
    return this;
  }

  JsonLine put(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  JsonLine put(String name, double value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  JsonLine put(String name, boolean value) {
    json.writeBooleanProperty(name, value);
    return this;
  }

  JsonLine put(String name, Map<String, String> values) {
    json.writeObjectPropertyStart(name);
    values.forEach(json::writeStringProperty);
    json.writeEndObject();
    return this;
  }

  /// Bytes as text when they are UTF-8, else as base64, and which of the two in `encodingName`.
  JsonLine putBytes(String name, String encodingName, Bytes bytes) {
    String encoding = "utf8";
    String value;
    try {
      value = StandardCharsets.UTF_8.newDecoder().decode(bytes.buffer()).toString();
    } catch (CharacterCodingException _) {
      encoding = "base64";
      value = encode(bytes.buffer());
    }
    if (!encodingName.isEmpty()) {
      put(encodingName, encoding);
    }
    return put(name, value);
  }

  private static String encode(ByteBuffer bytes) {
    return StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(bytes)).toString();
  }

  /// Ends the line and returns it without a line break.
  String line() {
    close();
    return text.toString();
  }

  @Override
  public void close() {
    if (!json.isClosed()) {
      json.writeEndObject();
      json.close();
    }
  }
}
