package dev.weir.rpc;

import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Asks a call's credentials for the headers that prove who calls. They are told whether the
/// connection is encrypted: some refuse one that is not.
final class Credentials {
  private Credentials() {}

  static void apply(
      CallCredentials credentials,
      MethodDescriptor<?, ?> method,
      WireChannel channel,
      ChannelSettings settings,
      CallOptions options,
      Consumer<Metadata> proceed,
      Consumer<Status> fail) {
    String chosen = options.getAuthority();
    Request request =
        new Request(
            method,
            chosen == null ? settings.authority() : chosen,
            channel.attributes(),
            settings.isSecure());
    AtomicBoolean isDone = new AtomicBoolean();
    credentials.applyRequestMetadata(
        request,
        settings.blocking(),
        new CallCredentials.MetadataApplier() {
          @Override
          public void apply(Metadata headers) {
            if (isDone.compareAndSet(false, true)) {
              proceed.accept(headers);
            }
          }

          @Override
          public void fail(Status status) {
            if (isDone.compareAndSet(false, true)) {
              fail.accept(status);
            }
          }
        });
  }

  private static final class Request extends CallCredentials.RequestInfo {
    private final MethodDescriptor<?, ?> method;
    private final String authority;
    private final Attributes attributes;
    private final boolean isSecure;

    Request(
        MethodDescriptor<?, ?> method, String authority, Attributes attributes, boolean isSecure) {
      this.method = method;
      this.authority = authority;
      this.attributes = attributes;
      this.isSecure = isSecure;
    }

    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return method;
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return isSecure ? SecurityLevel.PRIVACY_AND_INTEGRITY : SecurityLevel.NONE;
    }

    @Override
    public String getAuthority() {
      return authority;
    }

    @Override
    public Attributes getTransportAttrs() {
      return attributes;
    }
  }
}
