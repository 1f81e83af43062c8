package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;
import java.util.Map;

/// A document, written member by member: as JSON, or as CBOR with the same members. One thread.
public final class JsonText {
  private final DocumentOut out;

  public JsonText() {
    this(new JsonOut());
  }

  private JsonText(DocumentOut out) {
    this.out = out;
  }

  /// As `weir.bin.v1` has it, see [CborNames].
  public static JsonText cbor() {
    return new JsonText(new CborOut());
  }

  public JsonText beginObject() {
    out.beginObject();
    return this;
  }

  public JsonText beginObject(String name) {
    out.name(name);
    out.beginObject();
    return this;
  }

  public JsonText endObject() {
    out.endObject();
    return this;
  }

  public JsonText beginArray(String name) {
    out.name(name);
    out.beginArray();
    return this;
  }

  public JsonText endArray() {
    out.endArray();
    return this;
  }

  /// An element of an array.
  public JsonText add(String value) {
    out.text(value);
    return this;
  }

  /// What the document says, in one of the protocol's words.
  public JsonText op(String word) {
    out.name("op");
    out.word(word);
    return this;
  }

  public JsonText put(String name, String value) {
    out.name(name);
    out.text(value);
    return this;
  }

  public JsonText put(String name, long value) {
    out.name(name);
    out.number(value);
    return this;
  }

  public JsonText put(String name, boolean value) {
    out.name(name);
    out.truth(value);
    return this;
  }

  public JsonText put(String name, Map<String, String> values) {
    beginObject(name);
    values.forEach(this::put);
    out.endObject();
    return this;
  }

  /// Bytes: in JSON as text when they are UTF-8, else as base64, and which of the two in
  /// `encodingName`; in CBOR as they are.
  public JsonText put(String name, String encodingName, Bytes bytes) {
    out.bytes(name, encodingName, bytes);
    return this;
  }

  /// The document, once everything that was begun is ended.
  public Bytes bytes() {
    return out.finish();
  }

  /// How much is written so far, about.
  public int length() {
    return out.length();
  }
}
