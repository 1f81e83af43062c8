package dev.weir.gateway.web.json;

import dev.weir.base.Bytes;

/// How a [JsonText] is encoded. One thread.
interface DocumentOut {
  void beginObject();

  void endObject();

  void beginArray();

  void endArray();

  /// Of the member that follows.
  void name(String name);

  void text(String value);

  /// One of the protocol's own words.
  void word(String value);

  void number(long value);

  void truth(boolean value);

  /// Bytes of a member; its name, and what says how they are written, are this one's to choose.
  void bytes(String name, String encodingName, Bytes value);

  /// The document, once everything that was begun is ended.
  Bytes finish();

  /// How much is written so far, about.
  int length();
}
