package dev.weir.edge.source.otlp;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.weir.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Reads log requests with protobuf's own parser: `RESOURCE/SCOPE/TEXT` of each record, where the
/// text is that of field 3.
final class LogRecords {
  private LogRecords() {}

  static List<String> of(Bytes request) {
    List<String> records = new ArrayList<>();
    for (UnknownFieldSet group : messages(parse(request), 1)) {
      UnknownFieldSet attribute = messages(messages(group, 1).getFirst(), 1).getFirst();
      String resource = text(messages(attribute, 2).getFirst(), 1);
      for (UnknownFieldSet scopes : messages(group, 2)) {
        String scope = text(messages(scopes, 1).getFirst(), 1);
        for (UnknownFieldSet record : messages(scopes, 2)) {
          records.add(resource + "/" + scope + "/" + text(record, 3));
        }
      }
    }
    return records;
  }

  private static UnknownFieldSet parse(Bytes message) {
    try {
      return UnknownFieldSet.parseFrom(message.toArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().stream()
        .map(bytes -> parse(Bytes.wrap(bytes.toByteArray())))
        .toList();
  }

  private static String text(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().getFirst().toStringUtf8();
  }
}
