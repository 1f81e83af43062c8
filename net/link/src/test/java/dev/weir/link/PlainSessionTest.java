package dev.weir.link;

import static dev.weir.testkit.Eventually.eventually;
import static dev.weir.testkit.Eventually.eventuallyPresent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.base.Clock;
import dev.weir.message.Compression;
import dev.weir.message.Message;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.ServiceMessage;
import dev.weir.proto.v1.DataSinkGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Single messages: the published version 1, and `Put`.
final class PlainSessionTest {
  private final MemoryStore store = new MemoryStore(1_000);

  @AfterEach
  void closeStore() {
    store.close();
  }

  private TestCore core() {
    return TestCore.start(LinkServerConfig.of("core-1"), store, Clock.SYSTEM);
  }

  private TestCore core(int capacity, LinkServerConfig.Overflow overflow) {
    LinkServerConfig config =
        LinkServerConfig.of("core-1").withVersionOne(capacity, overflow, "ingest");
    return TestCore.start(config, store, Clock.SYSTEM);
  }

  private static Request plain(String id, String body) {
    return Request.newBuilder()
        .setVersion(1)
        .setMessageId(ByteString.copyFromUtf8(id))
        .setPlainMessage(ByteString.copyFromUtf8(body))
        .build();
  }

  private static Request zstd(String id, Bytes compressed) {
    return Request.newBuilder()
        .setVersion(1)
        .setMessageId(ByteString.copyFromUtf8(id))
        .setZstdCompressed(FrameCodec.wrap(compressed))
        .build();
  }

  @Test
  void acksPlainAndCompressedMessagesOnceTheyAreDurable() {
    byte[] text = "compressed ".repeat(100).getBytes(StandardCharsets.UTF_8);
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      store.pause(true);
      client.send(plain("1", "as it is"));
      client.send(zstd("2", Compression.zstd(text, text.length, 3)));
      eventually("the store has them", () -> store.queued() == 2);
      assertThat(client.responses()).isEmpty();
      store.pause(false);

      eventually("both are acked", () -> client.ackedIds().size() == 2);
      assertThat(client.ackedIds()).containsExactly("1", "2");
      assertThat(client.responses()).allMatch(response -> response.getVersion() == 1);
      assertThat(store.messages()).extracting(Message::topic).containsOnly("ingest");
      assertThat(store.messages()).extracting(Message::id).containsOnly(Bytes.EMPTY);
      assertThat(store.bodies())
          .containsExactly("as it is", new String(text, StandardCharsets.UTF_8));
      client.complete();
      assertThat(eventuallyPresent("the end", client::end).isOk()).isTrue();
    }
  }

  @Test
  void stopsReadingAndTellsWhenTheQueueIsFull() {
    store.pause(true);
    try (TestCore core = core(10, LinkServerConfig.Overflow.CREDIT);
        RawStream client = new RawStream(core.port())) {
      for (int i = 0; i < 100; i++) {
        client.send(plain("" + i, "m" + i));
      }
      eventually("told", () -> !client.infos().isEmpty());
      ServiceMessage info = client.infos().getFirst();
      assertThat(info.getQueueCapacity()).isEqualTo(10);
      assertThat(info.getDropped()).isZero();
      assertThat(core.link().stats().messages()).isLessThanOrEqualTo(20);
      store.pause(false);

      eventually("all are acked", () -> client.ackedIds().size() == 100);
      assertThat(store.bodies()).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
      assertThat(core.link().stats().dropped()).isZero();
      eventually("nothing is queued", () -> core.link().stats().queuedBytes() == 0);
    }
  }

  @Test
  void dropsTheOldestAndTellsWhenSoConfigured() {
    store.pause(true);
    try (TestCore core = core(10, LinkServerConfig.Overflow.DROP_OLDEST);
        RawStream client = new RawStream(core.port())) {
      for (int i = 0; i < 100; i++) {
        client.send(plain("" + i, "m" + i));
      }
      eventually("80 are dropped", () -> core.link().stats().dropped() == 80);
      store.pause(false);

      eventually("the rest is acked", () -> client.ackedIds().size() == 20);
      assertThat(store.bodies())
          .isEqualTo(
              IntStream.range(0, 100)
                  .filter(i -> i < 10 || i >= 90)
                  .mapToObj(i -> "m" + i)
                  .toList());
      eventually("told", () -> !client.infos().isEmpty());
      assertThat(client.infos().getLast().getQueueCapacity()).isEqualTo(10);
      assertThat(client.infos().getLast().getDropped()).isGreaterThan(0);
    }
  }

  @Test
  void refusesABombAndGoesOn() {
    byte[] zeroes = new byte[15 << 20];
    byte[] bomb = com.github.luben.zstd.Zstd.compress(zeroes, 3); // As a foreign client compresses.
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      client.send(zstd("1", Bytes.wrap(bomb)));
      client.send(plain("2", "fine"));

      eventually("the second is acked", () -> client.ackedIds().contains("2"));
      eventually("the first is told", () -> !client.infos().isEmpty());
      assertThat(client.infos().getFirst().getText()).contains("WEIR-7004");
      assertThat(client.ackedIds()).containsExactly("2");
      assertThat(core.link().stats().invalid()).isEqualTo(1);
    }
  }

  @Test
  void endsTheStreamAtTheThirdBadMessageInARow() {
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      client.send(plain("", "no id"));
      client.send(zstd("1", Bytes.utf8("this is no zstd frame")));
      client.send(
          Request.newBuilder().setVersion(1).setMessageId(ByteString.copyFromUtf8("3")).build());

      Status end = eventuallyPresent("the end", client::end);
      assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(end.getDescription()).startsWith("WEIR-7002");
    }
  }

  @Test
  void refusesAMessageBeyondTheLimit() {
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      client.send(plain("1", "x".repeat((1 << 20) + 1)));
      client.send(plain("2", "x".repeat(1 << 20)));

      eventually("the second is acked", () -> client.ackedIds().contains("2"));
      assertThat(client.infos().getFirst().getText()).contains("WEIR-7003").contains("1048577");
    }
  }

  @Test
  void neverAcksWhatIsNotStored() {
    store.failNext(1);
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      client.send(plain("1", "lost"));
      eventually("told", () -> !client.infos().isEmpty());
      assertThat(client.infos().getFirst().getText()).contains("WEIR-4001");
      client.send(plain("1", "again"));

      eventually("acked", () -> client.ackedIds().size() == 1);
      assertThat(store.bodies()).containsExactly("again");
    }
  }

  @Test
  void putAnswersOnceTheMessageIsDurable() {
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      Request request =
          Request.newBuilder()
              .setVersion(2)
              .setMessageId(ByteString.copyFromUtf8("order-1"))
              .setTopic("orders/eu")
              .setKey(ByteString.copyFromUtf8("k"))
              .putHeaders("h", "v")
              .setContentType("text/plain")
              .setPlainMessage(ByteString.copyFromUtf8("body"))
              .build();
      Response answer = DataSinkGrpc.newBlockingStub(client.channel()).put(request);

      assertThat(answer.getAck().getMessageIds(0)).isEqualTo(request.getMessageId());
      Message stored = store.messages().getFirst();
      assertThat(stored.topic()).isEqualTo("orders/eu");
      assertThat(stored.id()).isEqualTo(Bytes.utf8("order-1"));
      assertThat(stored.headers()).containsEntry("h", "v");
    }
  }

  @Test
  void putSaysWhatIsWrong() {
    try (TestCore core = core();
        RawStream client = new RawStream(core.port())) {
      DataSinkGrpc.DataSinkBlockingStub stub = DataSinkGrpc.newBlockingStub(client.channel());
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> stub.put(plain("", "no id")))
          .withMessageContaining("WEIR-7002");
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> stub.put(plain("1", "x").toBuilder().setVersion(5).build()))
          .withMessageContaining("WEIR-7001");
      Request badTopic = plain("1", "x").toBuilder().setVersion(2).setTopic("a/+/b").build();
      assertThatExceptionOfType(StatusRuntimeException.class)
          .isThrownBy(() -> stub.put(badTopic))
          .withMessageContaining("WEIR-70");
    }
  }
}
