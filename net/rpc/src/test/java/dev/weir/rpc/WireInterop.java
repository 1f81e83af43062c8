package dev.weir.rpc;

import io.grpc.ForwardingServerBuilder;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.testing.integration.AbstractInteropTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// gRPC's own interoperability cases over wire; run by [InteropTest], one test a case.
public class WireInterop extends AbstractInteropTest {
  private @Nullable Server started;

  @Override
  protected ServerBuilder<?> getServerBuilder() {
    return RpcServerBuilder.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .maxInboundMessageSize(MAX_MESSAGE_SIZE);
  }

  @Override
  protected void startServer(@Nullable ServerBuilder<?> builder) {
    super.startServer(new Remembering(Objects.requireNonNull(builder)));
  }

  @Override
  protected ManagedChannelBuilder<?> createChannelBuilder() {
    return WireChannelBuilder.to(Objects.requireNonNull(started).getListenSockets().getFirst())
        .maxInboundMessageSize(MAX_MESSAGE_SIZE);
  }

  @Override
  protected boolean metricsExpected() {
    return false;
  }

  // Cases of the suite that its own programs call by name.

  @org.junit.Test
  public void clientCompressedUnary() throws Exception {
    clientCompressedUnary(false);
  }

  @org.junit.Test
  public void clientCompressedStreaming() throws Exception {
    clientCompressedStreaming(false);
  }

  /// The same with handlers and listeners on the event loops.
  public static final class OnLoops extends WireInterop {
    @Override
    protected ServerBuilder<?> getServerBuilder() {
      return super.getServerBuilder().directExecutor();
    }

    @Override
    protected ManagedChannelBuilder<?> createChannelBuilder() {
      return super.createChannelBuilder().directExecutor();
    }
  }

  /// Keeps the server that it builds: the suite does not say where its own listens.
  private final class Remembering extends ForwardingServerBuilder<Remembering> {
    private final ServerBuilder<?> builder;

    Remembering(ServerBuilder<?> builder) {
      this.builder = builder;
    }

    @Override
    protected ServerBuilder<?> delegate() {
      return builder;
    }

    @Override
    public Server build() {
      Server built = builder.build();
      started = built;
      return built;
    }
  }
}
