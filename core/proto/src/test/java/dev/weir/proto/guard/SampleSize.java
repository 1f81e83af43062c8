package dev.weir.proto.guard;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;

/// What a message costs on the wire when all of it is used: every field set to a typical value,
/// each repeated field once, of each oneof the largest member.
///
/// Field counts do not show that a nested message grew, and descriptor bytes do not travel.
final class SampleSize {
  private static final int TYPICAL_NUMBER = 100_000;
  private static final String TYPICAL_TEXT = "typical!";

  private SampleSize() {}

  static int bytes(Descriptor message) {
    return sample(message).getSerializedSize();
  }

  private static Message sample(Descriptor message) {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(message);
    for (FieldDescriptor field : message.getFields()) {
      if (field.getContainingOneof() == null) {
        set(builder, field);
      }
    }
    for (OneofDescriptor oneof : message.getOneofs()) {
      set(builder, largest(oneof));
    }
    return builder.build();
  }

  private static FieldDescriptor largest(OneofDescriptor oneof) {
    FieldDescriptor largest = oneof.getField(0);
    int largestBytes = -1;
    for (FieldDescriptor field : oneof.getFields()) {
      DynamicMessage.Builder alone = DynamicMessage.newBuilder(oneof.getContainingType());
      set(alone, field);
      int bytes = alone.build().getSerializedSize();
      if (bytes > largestBytes) {
        largest = field;
        largestBytes = bytes;
      }
    }
    return largest;
  }

  private static void set(DynamicMessage.Builder builder, FieldDescriptor field) {
    if (field.isRepeated()) {
      builder.addRepeatedField(field, value(field));
    } else {
      builder.setField(field, value(field));
    }
  }

  private static Object value(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> TYPICAL_NUMBER;
      case LONG -> (long) TYPICAL_NUMBER;
      case FLOAT -> 1.5f;
      case DOUBLE -> 1.5;
      case BOOLEAN -> true;
      case STRING -> TYPICAL_TEXT;
      case BYTE_STRING -> ByteString.copyFromUtf8(TYPICAL_TEXT);
      case ENUM -> field.getEnumType().getValues().getLast();
      case MESSAGE -> sample(field.getMessageType());
    };
  }
}
