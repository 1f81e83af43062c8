package dev.weir.edge.source.otlp;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/// Requests as the bytes that they are. What gRPC throws while it decompresses becomes part of the
/// value, since a marshaller that throws is told to the client as UNKNOWN.
final class BytesMarshaller implements Marshaller<Arrival> {
  @Override
  public InputStream stream(Arrival value) {
    throw new UnsupportedOperationException("requests are only received");
  }

  @Override
  public Arrival parse(InputStream stream) {
    try {
      return new Arrival(Bytes.wrap(stream.readAllBytes()), null);
    } catch (StatusRuntimeException e) {
      return fault(ErrorCode.TOO_LARGE, String.valueOf(e.getStatus().getDescription()), e);
    } catch (IOException e) {
      return fault(ErrorCode.MALFORMED, "The message does not decompress: " + e.getMessage(), e);
    }
  }

  private static Arrival fault(ErrorCode code, String detail, Exception cause) {
    return new Arrival(Bytes.EMPTY, new WeirException(code, detail, cause));
  }
}
