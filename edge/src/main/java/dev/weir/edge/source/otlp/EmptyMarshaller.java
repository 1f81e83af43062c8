package dev.weir.edge.source.otlp;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/// The one answer that there is: an `Export…ServiceResponse` without a `partial_success`, which has
/// no bytes.
final class EmptyMarshaller implements Marshaller<Boolean> {
  @Override
  public InputStream stream(Boolean value) {
    return InputStream.nullInputStream();
  }

  @Override
  public Boolean parse(InputStream stream) {
    throw new UnsupportedOperationException("answers are only sent");
  }
}
