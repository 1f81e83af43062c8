package dev.weir.link;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.proto.Request;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Reads requests with one copy: off the network into an array of their own, which header and
/// payload then share. The stock marshaller copies each field once more.
///
/// What does not parse becomes a stand-in instead of an exception, so that the stream can end with
/// a code and a cause. Immutable; called on event loops.
final class RequestMarshaller implements MethodDescriptor.Marshaller<Request> {
  /// Stands in for what could not be parsed: no version that will ever be.
  private static final Request MALFORMED = Request.newBuilder().setVersion(-1).build();

  private static final MethodDescriptor.Marshaller<Request> STOCK =
      ProtoUtils.marshaller(Request.getDefaultInstance());

  /// Whether a request stands in for one that could not be parsed.
  static boolean isMalformed(Request request) {
    return request.getVersion() == MALFORMED.getVersion();
  }

  @Override
  public InputStream stream(Request request) {
    return STOCK.stream(request);
  }

  @Override
  public Request parse(InputStream stream) {
    try {
      return parse(bytes(stream));
    } catch (IOException e) {
      throw new IllegalStateException("a message in memory cannot be read", e);
    }
  }

  /// Reads a request that shares the given bytes, which nobody changes any more.
  static Request parse(byte[] bytes) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      input.enableAliasing(true);
      Request request = Request.parseFrom(input);
      input.checkLastTagWas(0);
      return request;
    } catch (InvalidProtocolBufferException e) {
      return MALFORMED;
    } catch (IOException e) {
      throw new IllegalStateException("a message in memory cannot be read", e);
    }
  }

  /// All of a message. `readNBytes(length)` would gather it in pieces and then copy those, which
  /// was a third of the event loop's time.
  private static byte[] bytes(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)) {
      return stream.readAllBytes();
    }
    byte[] bytes = new byte[stream.available()];
    int count = stream.readNBytes(bytes, 0, bytes.length);
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }
}
