package dev.weir.it;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads stored requests of remote write 1.0, field by field after the published schema.
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
