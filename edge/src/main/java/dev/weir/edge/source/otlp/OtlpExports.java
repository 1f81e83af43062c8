package dev.weir.edge.source.otlp;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.InFlightBytes;
import dev.weir.edge.source.SourceContext;
import dev.weir.edge.source.SourceMeter;
import dev.weir.edge.source.http.HttpLimits;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/// The `Export` methods of the three OTLP services, on requests as bytes.
///
/// A call reserves the largest request before it asks for its message, so that the sum of what is
/// being received is bounded, and gives back the rest when it knows the size.
final class OtlpExports {
  private final OtlpIngest ingest;
  private final InFlightBytes inFlight;
  private final int maxBodyBytes;
  private final Duration requestTimeout;
  private final Executor calls;
  private final SourceMeter meter;
  private volatile boolean isOpen;

  /// @param calls runs calls; they may block
  OtlpExports(OtlpConfig config, SourceContext context, SourceMeter meter, Executor calls) {
    HttpLimits limits = config.limits();
    this.ingest = new OtlpIngest(config.topic(), context, meter, limits.ackTimeout());
    this.inFlight = new InFlightBytes(limits.maxInFlight());
    this.maxBodyBytes = limits.maxBody().intBytes();
    this.requestTimeout = limits.requestTimeout();
    this.calls = calls;
    this.meter = meter;
  }

  /// From now on calls are taken; those before are told to come again.
  void open() {
    isOpen = true;
  }

  /// What to serve, by virtual threads that may block.
  List<ServerServiceDefinition> services() {
    return Arrays.stream(OtlpSignal.values()).map(this::service).toList();
  }

  private ServerServiceDefinition service(OtlpSignal signal) {
    MethodDescriptor<Arrival, Boolean> export =
        MethodDescriptor.newBuilder(new BytesMarshaller(), new EmptyMarshaller())
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(signal.service(), "Export"))
            .build();
    ServerCallHandler<Arrival, Boolean> handler = (call, _) -> begin(signal, call);
    return ServerServiceDefinition.builder(signal.service()).addMethod(export, handler).build();
  }

  private ServerCall.Listener<Arrival> begin(OtlpSignal signal, ServerCall<Arrival, Boolean> call) {
    try {
      if (!isOpen) {
        throw new WeirException(ErrorCode.CONNECTION_LOST, "The edge is being started.");
      }
      ingest.requireRoom();
      OtlpCall begun = new OtlpCall(signal, ingest, call, inFlight.reserve(maxBodyBytes));
      begun.expire(requestTimeout, calls);
      call.request(2); // A second message would be one too many, and is noticed.
      return begun;
    } catch (WeirException e) {
      OtlpCall.refuse(call, e);
      return new ServerCall.Listener<>() {};
    }
  }

  /// Counts every call that did not end with OK, whoever refused it: a message that is too large is
  /// refused before it gets here.
  ServerStreamTracer.Factory tracerFactory() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new ServerStreamTracer() {
          @Override
          public void streamClosed(Status status) {
            if (!status.isOk() && status.getCode() != Status.Code.CANCELLED) {
              meter.refused();
              meter.detail(status.getCode() + ": " + status.getDescription());
            }
          }
        };
      }
    };
  }
}
