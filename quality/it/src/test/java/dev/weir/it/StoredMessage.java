package dev.weir.it;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// One line of `weir sub --format ndjson`, read as a script would read it.
///
/// @param fields the scalar members as text: topic, position, time, key, body …
/// @param headers the member `headers`
record StoredMessage(Map<String, String> fields, Map<String, String> headers) {
  private static final JsonFactory JSON = new JsonFactory();

  StoredMessage {
    fields = Map.copyOf(fields);
    headers = Map.copyOf(headers);
  }

  String topic() {
    return fields.getOrDefault("topic", "");
  }

  String position() {
    return fields.getOrDefault("position", "");
  }

  String contentType() {
    return fields.getOrDefault("contentType", "");
  }

  /// The body as text, whichever way the line carries it.
  String body() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /// The body as it was sent.
  byte[] bytes() {
    String body = fields.getOrDefault("body", "");
    return fields.getOrDefault("encoding", "utf8").equals("base64")
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  /// Every line of a file.
  static List<StoredMessage> readAll(Path file) {
    List<StoredMessage> messages = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      while (json.nextToken() == JsonToken.START_OBJECT) {
        messages.add(read(json));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages;
  }

  private static StoredMessage read(JsonParser json) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> headers = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (name.equals("headers") && value == JsonToken.START_OBJECT) {
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          String header = json.currentName();
          json.nextToken();
          headers.put(header, json.getString());
        }
      } else if (value == JsonToken.START_OBJECT || value == JsonToken.START_ARRAY) {
        json.skipChildren();
      } else if (value != JsonToken.VALUE_NULL) {
        fields.put(name, json.getString());
      }
    }
    return new StoredMessage(fields, headers);
  }
}
