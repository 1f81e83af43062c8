package dev.weir.proto.guard;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One line of the record: a field, an enum value or a method.
///
/// @param owner full name of the message, enum or service
/// @param name of the field, value or method
/// @param number on the wire; 0 for a method
/// @param type of the field; `value` for an enum's, request and response for a method
/// @param label `optional`, `repeated`, `oneof:NAME`, `enum` or `rpc`
record SchemaEntry(String owner, String name, int number, String type, String label) {
  static SchemaEntry parse(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 4 || !words[0].contains(".")) {
      throw new IllegalArgumentException("'" + line + "' is not 'owner.name number type label'");
    }
    int dot = words[0].lastIndexOf('.');
    return new SchemaEntry(
        words[0].substring(0, dot),
        words[0].substring(dot + 1),
        Integer.parseInt(words[1]),
        words[2],
        words[3]);
  }

  /// All entries of a schema file, in its order.
  static List<SchemaEntry> of(FileDescriptor file) {
    List<SchemaEntry> entries = new ArrayList<>();
    file.getMessageTypes().forEach(message -> addMessage(message, entries));
    file.getEnumTypes().forEach(type -> addEnum(type, entries));
    file.getServices().forEach(service -> addService(service, entries));
    return entries;
  }

  private static void addMessage(Descriptor message, List<SchemaEntry> entries) {
    for (FieldDescriptor field : message.getFields()) {
      entries.add(
          new SchemaEntry(
              message.getFullName(),
              field.getName(),
              field.getNumber(),
              type(field),
              label(field)));
    }
    message.getNestedTypes().forEach(nested -> addMessage(nested, entries));
    message.getEnumTypes().forEach(nested -> addEnum(nested, entries));
  }

  private static void addEnum(EnumDescriptor type, List<SchemaEntry> entries) {
    type.getValues()
        .forEach(value ->
            entries.add(
                new SchemaEntry(
                    type.getFullName(), value.getName(), value.getNumber(), "value", "enum")));
  }

  private static void addService(ServiceDescriptor service, List<SchemaEntry> entries) {
    for (MethodDescriptor method : service.getMethods()) {
      String type =
          (method.isClientStreaming() ? "stream:" : "")
              + method.getInputType().getFullName()
              + ">"
              + (method.isServerStreaming() ? "stream:" : "")
              + method.getOutputType().getFullName();
      entries.add(new SchemaEntry(service.getFullName(), method.getName(), 0, type, "rpc"));
    }
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE, GROUP -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String label(FieldDescriptor field) {
    if (field.isRepeated()) {
      return "repeated";
    }
    return field.getContainingOneof() == null
        ? "optional"
        : "oneof:" + field.getContainingOneof().getName();
  }

  String path() {
    return owner + "." + name;
  }

  String line() {
    return path() + " " + number + " " + type + " " + label;
  }
}
