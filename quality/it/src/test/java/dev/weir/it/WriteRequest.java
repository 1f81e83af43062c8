package dev.weir.it;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads requests of remote write 1.0 and writes those of 2.0, field by field after the published
/// schemas.
final class WriteRequest {
  private WriteRequest() {}

  /// One value of one series.
  record Sample(Map<String, String> labels, long timeMillis, double value) {}

  /// Every sample of a request.
  static List<Sample> samples(byte[] request) {
    List<Sample> samples = new ArrayList<>();
    try {
      CodedInputStream in = CodedInputStream.newInstance(request);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag == (1 << 3 | 2)) {
          series(in.readByteArray(), samples);
        } else {
          in.skipField(tag);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return samples;
  }

  /// A request of version 2.0 with one sample of one series that has one label beside its name.
  static byte[] versionTwo(String name, String label, double value, long timeMillis)
      throws IOException {
    byte[] sample =
        message(out -> {
          out.writeDouble(1, value);
          out.writeInt64(2, timeMillis);
        });
    byte[] series =
        message(out -> {
          out.writeByteArray(1, new byte[] {1, 2, 3, 4}); // Packed references to symbols.
          out.writeByteArray(2, sample);
        });
    return message(out -> {
      for (String symbol : new String[] {"", "__name__", name, "label", label}) {
        out.writeString(4, symbol);
      }
      out.writeByteArray(5, series);
    });
  }

  /// A snappy block of one literal per 60 bytes, which is the least that a reader must know.
  static byte[] snappy(byte[] plain) throws IOException {
    return message(out -> {
      out.writeUInt32NoTag(plain.length);
      for (int from = 0; from < plain.length; from += 60) {
        int length = Math.min(60, plain.length - from);
        out.writeRawByte((length - 1) << 2);
        out.writeRawBytes(plain, from, length);
      }
    });
  }

  /// Writes to an encoder.
  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Writing writing) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writing.to(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static void series(byte[] series, List<Sample> samples) throws IOException {
    Map<String, String> labels = new TreeMap<>();
    CodedInputStream in = CodedInputStream.newInstance(series);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> {
          CodedInputStream label = in.readBytes().newCodedInput();
          label.readTag();
          String name = label.readStringRequireUtf8();
          label.readTag();
          labels.put(name, label.readStringRequireUtf8());
        }
        case 2 -> samples.add(sample(in.readBytes().newCodedInput(), labels));
        default -> in.skipField(tag);
      }
    }
  }

  private static Sample sample(CodedInputStream in, Map<String, String> labels) throws IOException {
    double value = 0;
    long timeMillis = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag >>> 3 == 1) {
        value = in.readDouble();
      } else {
        timeMillis = in.readInt64();
      }
    }
    return new Sample(Map.copyOf(labels), timeMillis, value);
  }
}
