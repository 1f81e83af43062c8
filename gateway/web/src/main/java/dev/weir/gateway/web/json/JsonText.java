package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON document, written member by member, in UTF-8 and without line breaks. One thread.
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out);

  public JsonText beginObject() {
    json.writeStartObject();
    return this;
  }

  public JsonText beginObject(String name) {
    json.writeObjectPropertyStart(name);
    return this;
  }

  public JsonText endObject() {
    json.writeEndObject();
    return this;
  }

  public JsonText beginArray(String name) {
    json.writeArrayPropertyStart(name);
    return this;
  }

  public JsonText endArray() {
    json.writeEndArray();
    return this;
  }

  /// An element of an array.
  public JsonText add(String value) {
    json.writeString(value);
    return this;
  }

  public JsonText put(String name, String value) {
    json.writeStringProperty(name, value);
    return this;
  }

  public JsonText put(String name, long value) {
    json.writeNumberProperty(name, value);
    return this;
  }

  public JsonText put(String name, boolean value) {
    json.writeBooleanProperty(name, value);
    return this;
  }

  public JsonText put(String name, Map<String, String> values) {
    json.writeObjectPropertyStart(name);
    values.forEach(json::writeStringProperty);
    json.writeEndObject();
    return this;
  }

  /// Bytes as text when they are UTF-8, else as base64, and which of the two in `encodingName`.
  public JsonText put(String name, String encodingName, Bytes bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes.buffer()).toString();
    } catch (CharacterCodingException _) {
      put(encodingName, MessageJson.BASE64);
      json.writeStringProperty(name, Base64.getEncoder().encodeToString(bytes.toArray()));
      return this;
    }
    put(encodingName, MessageJson.UTF8);
    json.writeStringProperty(name, text);
    return this;
  }

  /// The document, once everything that was begun is ended.
  public Bytes bytes() {
    json.close();
    return Bytes.wrap(out.toByteArray());
  }

  /// How much is written so far, about.
  public int length() {
    json.flush();
    return out.size();
  }
}
