package dev.weir.edge.source.otlp;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.RetryInfo;
import dev.weir.base.ByteSize;
import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.ContextRig;
import dev.weir.edge.source.Delivery;
import dev.weir.edge.source.http.HttpLimits;
import dev.weir.link.GrpcTransport;
import dev.weir.message.Message;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OtlpSourceTest {
  private static final int MAX_BODY_BYTES = 8192;

  private final ContextRig rig = new ContextRig();
  private final GrpcTransport transport = GrpcTransport.start("otlp-test", 1);
  private OtlpSource source;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    source = new OtlpSource(config(0, Duration.ofSeconds(20)), rig.context());
    source.start();
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(Codec.Identity.NONE);
    compressors.register(new Codec.Gzip());
    compressors.register(new ZstdCompressor());
    channel =
        transport
            .channel("127.0.0.1", source.port().orElseThrow())
            .compressorRegistry(compressors)
            .build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    source.close();
    transport.close();
  }

  @Test
  void answersOkWhenTheRequestIsDurableAndNotBefore() throws Exception {
    Bytes request = Requests.logs("hello");

    Future<Bytes> answer = export(OtlpSignal.LOGS, request);
    Delivery delivery = rig.takeWaited();

    assertThat(answer.isDone()).isFalse();
    Message message = delivery.messages().getFirst();
    assertThat(message.topic()).isEqualTo("site/otlp/logs");
    assertThat(message.body()).isEqualTo(request);
    assertThat(message.contentType()).isEqualTo("application/x-protobuf");
    assertThat(message.headers()).isEqualTo(Map.of("signal", "logs"));
    assertThat(message.timeMicros()).isEqualTo(rig.clock.epochMicros());
    delivery.listener().durable();

    assertThat(answer.get()).isEqualTo(Bytes.EMPTY);
    assertThat(source.stats().messageCount()).isEqualTo(1);
    assertThat(source.stats().refusedCount()).isZero();
  }

  @Test
  void givesEachSignalItsTopic() throws Exception {
    for (OtlpSignal signal : OtlpSignal.values()) {
      Future<Bytes> answer = export(signal, Bytes.EMPTY);
      Delivery delivery = rig.takeWaited();
      delivery.listener().durable();

      answer.get();
      assertThat(delivery.messages().getFirst().topic()).isEqualTo("site/otlp/" + signal.label());
      assertThat(delivery.messages().getFirst().headers()).containsValue(signal.label());
    }
  }

  @Test
  void takesGzip() throws Exception {
    Bytes request = Requests.logs("z".repeat(5000));
    Future<Bytes> answer = export(OtlpSignal.LOGS, request, "gzip");
    Delivery delivery = rig.takeWaited();
    delivery.listener().durable();

    answer.get();
    assertThat(delivery.messages().getFirst().body()).isEqualTo(request);
  }

  @Test
  void takesZstd() throws Exception {
    Bytes request = Requests.logs("z".repeat(5000));
    Future<Bytes> answer = export(OtlpSignal.LOGS, request, "zstd");
    Delivery delivery = rig.takeWaited();
    delivery.listener().durable();

    answer.get();
    assertThat(delivery.messages().getFirst().body()).isEqualTo(request);
  }

  @Test
  void asksToComeAgainWhenTheSpoolIsFull() throws Exception {
    rig.refuse(new WeirException(ErrorCode.SPOOL_FULL, "The spool holds 10 GiB."));

    StatusRuntimeException refusal =
        assertRefused(Requests.logs("x"), Status.Code.RESOURCE_EXHAUSTED);

    assertThat(refusal).hasMessageContaining("The spool holds 10 GiB.");
    assertThat(retrySeconds(refusal)).containsExactly(1L);
    assertThat(rig.waitedFor.peek()).isNull();
    rig.admit();
    Future<Bytes> answer = export(OtlpSignal.LOGS, Requests.logs("x"));
    rig.takeWaited().listener().durable();
    answer.get();
  }

  @Test
  void asksToComeAgainWhenTheSpoolFillsMeanwhile() {
    Future<Bytes> answer = export(OtlpSignal.LOGS, Requests.logs("x"));
    rig.takeWaited().listener().failed(new WeirException(ErrorCode.DISK_FULL, "full"));

    StatusRuntimeException refusal = refusal(answer);
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(retrySeconds(refusal)).containsExactly(1L);
  }

  @Test
  void isUnavailableWhenTheFsyncDoesNotCome() throws Exception {
    OtlpSource hasty = new OtlpSource(config(0, Duration.ofMillis(50)), rig.context());
    hasty.start();
    ManagedChannel other = transport.channel("127.0.0.1", hasty.port().orElseThrow()).build();
    try {
      Future<Bytes> answer =
          ClientCalls.futureUnaryCall(
              other.newCall(method(OtlpSignal.LOGS), CallOptions.DEFAULT), Requests.logs("x"));

      StatusRuntimeException refusal = refusal(answer);
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(refusal).hasMessageContaining("may still be stored");
    } finally {
      other.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
      hasty.close();
    }
  }

  @Test
  void refusesWhatNoReaderCouldDecodeAndHarmsNobodyElse() throws Exception {
    Future<Bytes> sound = export(OtlpSignal.LOGS, Requests.logs("sound"));
    Delivery delivery = rig.takeWaited();

    for (Bytes broken : List.of(Requests.brokenText(), Requests.half(), Bytes.utf8("\u0003no"))) {
      StatusRuntimeException refusal = assertRefused(broken, Status.Code.INVALID_ARGUMENT);
      assertThat(retrySeconds(refusal)).isEmpty();
    }
    eventually("three are counted", () -> source.stats().refusedCount() == 3);
    assertThat(rig.waitedFor.peek()).isNull();

    delivery.listener().durable();
    assertThat(sound.get()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void refusesWhatIsTooLargeWithoutAskingForItAgain() {
    for (String encoding : List.of("identity", "gzip", "zstd")) {
      StatusRuntimeException refusal =
          refusal(export(OtlpSignal.LOGS, Requests.logs("x".repeat(MAX_BODY_BYTES)), encoding));

      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(retrySeconds(refusal)).isEmpty();
    }
    eventually("all are counted", () -> source.stats().refusedCount() == 3);
    assertThat(rig.waitedFor.peek()).isNull();
  }

  @Test
  void holdsOutAgainstAFloodAndServesOnAfterwards() throws Exception {
    List<Future<Bytes>> answers = new ArrayList<>();
    List<Delivery> taken = new ArrayList<>();
    Bytes large = Requests.logs("x".repeat(7000));
    for (int i = 0; i < 2; i++) {
      answers.add(export(OtlpSignal.LOGS, large));
      taken.add(rig.takeWaited());
    }

    // Two of 7 kB are held of 20 kB; the next reserves 8 kB before it is read.
    StatusRuntimeException refusal = assertRefused(large, Status.Code.RESOURCE_EXHAUSTED);
    assertThat(retrySeconds(refusal)).containsExactly(1L);

    taken.forEach(delivery -> delivery.listener().durable());
    for (Future<Bytes> answer : answers) {
      answer.get();
    }
    eventually(
        "there is room again",
        () -> {
          Future<Bytes> next = export(OtlpSignal.LOGS, large);
          eventually(
              "it is answered or stored", () -> next.isDone() || rig.waitedFor.peek() != null);
          return rig.waitedFor.peek() != null;
        });
  }

  @Test
  void forgetsACallThatWasCutOff() throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), source.port().orElseThrow())) {
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 1, 0});
    }
    Future<Bytes> answer = export(OtlpSignal.LOGS, Requests.logs("x"));
    rig.takeWaited().listener().durable();

    assertThat(answer.get()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void refusesACallWhoseRequestDoesNotCome() throws Exception {
    List<ClientCall<Bytes, Bytes>> idle = new ArrayList<>();
    CompletableFuture<Status> ended = new CompletableFuture<>();
    // The client of a unary call sends its headers with the message only.
    MethodDescriptor<Bytes, Bytes> streamed =
        method(OtlpSignal.LOGS).toBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .build();
    for (int i = 0; i < 2; i++) { // All that can be set aside.
      ClientCall<Bytes, Bytes> call = channel.newCall(streamed, CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              ended.complete(status);
            }
          },
          new Metadata());
      call.request(1);
      idle.add(call);
    }

    assertThat(ended.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(ended.get().getDescription()).contains("did not come within 1000 ms");
    eventually(
        "there is room for others",
        () -> {
          Future<Bytes> next = export(OtlpSignal.LOGS, Requests.logs("x"));
          eventually(
              "it is answered or stored", () -> next.isDone() || rig.waitedFor.peek() != null);
          return rig.waitedFor.peek() != null;
        });
    idle.forEach(call -> call.cancel("done", null));
  }

  @Test
  void saysWhichAddressIsTaken() {
    int port = source.port().orElseThrow();

    assertThatThrownBy(() -> new OtlpSource(config(port, Duration.ofSeconds(1)), rig.context()))
        .isInstanceOfSatisfying(
            WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ADDRESS_IN_USE));
  }

  @Test
  void answersWhatIsUnderWayBeforeItCloses() throws Exception {
    Future<Bytes> answer = export(OtlpSignal.LOGS, Requests.logs("x"));
    Delivery delivery = rig.takeWaited();

    Thread closing = Thread.ofVirtual().start(source::close);
    delivery.listener().durable();

    assertThat(answer.get()).isEqualTo(Bytes.EMPTY);
    closing.join();
  }

  private static OtlpConfig config(int port, Duration ackTimeout) {
    return new OtlpConfig(
        "otlp",
        "site/otlp",
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        new HttpLimits(
            new ByteSize(MAX_BODY_BYTES), new ByteSize(20_000), Duration.ofSeconds(1), ackTimeout));
  }

  private StatusRuntimeException assertRefused(Bytes request, Status.Code code) {
    StatusRuntimeException refusal = refusal(export(OtlpSignal.LOGS, request));
    assertThat(refusal.getStatus().getCode()).as(refusal.getMessage()).isEqualTo(code);
    return refusal;
  }

  private static StatusRuntimeException refusal(Future<Bytes> answer) {
    try {
      throw new AssertionError("was answered with " + answer.get());
    } catch (ExecutionException e) {
      return (StatusRuntimeException) Objects.requireNonNull(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Long> retrySeconds(StatusRuntimeException refusal) {
    com.google.rpc.Status status = StatusProto.fromThrowable(refusal);
    List<Long> seconds = new ArrayList<>();
    for (com.google.protobuf.Any detail :
        status == null ? List.<com.google.protobuf.Any>of() : status.getDetailsList()) {
      try {
        seconds.add(detail.unpack(RetryInfo.class).getRetryDelay().getSeconds());
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }
    return seconds;
  }

  private Future<Bytes> export(OtlpSignal signal, Bytes request) {
    return export(signal, request, "identity");
  }

  private Future<Bytes> export(OtlpSignal signal, Bytes request, String encoding) {
    CallOptions options = CallOptions.DEFAULT.withCompression(encoding);
    return ClientCalls.futureUnaryCall(channel.newCall(method(signal), options), request);
  }

  private static MethodDescriptor<Bytes, Bytes> method(OtlpSignal signal) {
    RawMarshaller bytes = new RawMarshaller();
    return MethodDescriptor.newBuilder(bytes, bytes)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(signal.service() + "/Export")
        .build();
  }

  /// As the Collector's exporters compress: a stream that does not tell its size.
  private static final class ZstdCompressor implements Compressor {
    @Override
    public String getMessageEncoding() {
      return "zstd";
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
      return new com.github.luben.zstd.ZstdOutputStreamNoFinalizer(out);
    }
  }

  /// The client's side of a message.
  private static final class RawMarshaller implements MethodDescriptor.Marshaller<Bytes> {
    @Override
    public InputStream stream(Bytes value) {
      return new ByteArrayInputStream(value.toArray());
    }

    @Override
    public Bytes parse(InputStream stream) {
      try {
        return Bytes.wrap(stream.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
