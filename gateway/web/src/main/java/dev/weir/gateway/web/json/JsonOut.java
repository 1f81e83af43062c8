package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Text (RFC 8259), in UTF-8 and without line breaks.
final class JsonOut implements DocumentOut {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
  private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out);

  @Override
  public void beginObject() {
    json.writeStartObject();
  }

  @Override
  public void endObject() {
    json.writeEndObject();
  }

  @Override
  public void beginArray() {
    json.writeStartArray();
  }

  @Override
  public void endArray() {
    json.writeEndArray();
  }

  @Override
  public void name(String name) {
    json.writeName(name);
  }

  @Override
  public void text(String value) {
    json.writeString(value);
  }

  @Override
  public void word(String value) {
    json.writeString(value);
  }

  @Override
  public void number(long value) {
    json.writeNumber(value);
  }

  @Override
  public void truth(boolean value) {
    json.writeBoolean(value);
  }

  /// As text when they are UTF-8, else as base64, and which of the two beside it.
  @Override
  public void bytes(String name, String encodingName, Bytes value) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(value.buffer()).toString();
    } catch (CharacterCodingException _) {
      json.writeStringProperty(encodingName, MessageJson.BASE64);
      json.writeStringProperty(name, Base64.getEncoder().encodeToString(value.toArray()));
      return;
    }
    json.writeStringProperty(encodingName, MessageJson.UTF8);
    json.writeStringProperty(name, text);
  }

  @Override
  public Bytes finish() {
    json.close();
    return Bytes.wrap(out.toByteArray());
  }

  @Override
  public int length() {
    json.flush();
    return out.size();
  }
}
