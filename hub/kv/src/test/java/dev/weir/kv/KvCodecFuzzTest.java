package dev.weir.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Damaged requests and answers: each is read as something valid or refused as MALFORMED or of a
/// version that is not known. `-Dweir.kv.fuzz.runs=N` makes it longer.
final class KvCodecFuzzTest {
  private static final int RUNS = Integer.getInteger("weir.kv.fuzz.runs", 20_000);

  private static final KvEntry ENTRY =
      new KvEntry(Bytes.utf8("key"), 7, KvKind.PUT, 1_000, 2_000, Bytes.utf8("value"));
  private static final KvHead HEAD = new KvHead(Bytes.utf8("key"), 7, KvKind.DELETE, 1_000, 0, 0);

  @Test
  void everyRequestOfTheCorpusReadsBackToItself() {
    for (KvRequest request : requests()) {
      byte[] bytes = bytes(out -> KvCodec.encode(request, out));

      assertThat(KvCodec.decodeRequest(Unpooled.wrappedBuffer(bytes), 0, bytes.length))
          .isEqualTo(request);
    }
  }

  @Test
  void outlivesDamagedRequests() {
    List<byte[]> corpus = new ArrayList<>();
    requests().forEach(request -> corpus.add(bytes(out -> KvCodec.encode(request, out))));

    EnumSet<ErrorCode> refusals =
        mutate(
            "KvCodecFuzzTest.requests",
            corpus,
            in -> {
              int length = in.readableBytes();
              return KvCodec.decodeRequest(in, 0, length);
            });

    assertThat(refusals).containsExactly(ErrorCode.UNSUPPORTED_VERSION, ErrorCode.MALFORMED);
  }

  @Test
  void outlivesDamagedAnswers() {
    List<byte[]> corpus = answers();
    List<Function<ByteBuf, Object>> decoders =
        List.of(
            KvCodec::decodeResult,
            KvCodec::decodeEntry,
            KvCodec::decodeHeads,
            KvCodec::decodeEvent);

    for (Function<ByteBuf, Object> decoder : decoders) {
      assertThat(mutate("KvCodecFuzzTest.answers", corpus, decoder))
          .containsExactly(ErrorCode.UNSUPPORTED_VERSION, ErrorCode.MALFORMED);
    }
  }

  /// Reads damaged inputs.
  ///
  /// @return how they were refused
  private static EnumSet<ErrorCode> mutate(
      String name, List<byte[]> corpus, Function<ByteBuf, Object> decoder) {
    ByteMutator mutator = new ByteMutator(Seeds.random(name), corpus);
    EnumSet<ErrorCode> refusals = EnumSet.noneOf(ErrorCode.class);
    for (int run = 0; run < RUNS; run++) {
      try {
        assertThat(decoder.apply(Unpooled.wrappedBuffer(mutator.next()))).isNotNull();
      } catch (WeirException e) {
        refusals.add(e.code());
      }
    }
    return refusals;
  }

  private static byte[] bytes(Consumer<ByteBuf> encoder) {
    ByteBuf out = Unpooled.buffer();
    encoder.accept(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  private static List<KvRequest> requests() {
    Bytes key = Bytes.utf8("color");
    return List.of(
        new KvRequest.Get("settings", key, 0),
        new KvRequest.Put("settings", key, Bytes.utf8("blue"), -1, 30_000),
        new KvRequest.Put("b", key, Bytes.EMPTY, 5, -1),
        new KvRequest.Delete("settings", key, 9),
        new KvRequest.History("settings", key),
        new KvRequest.Keys("settings", Bytes.EMPTY, key, 100),
        new KvRequest.Configure("settings", new BucketConfig(5, Duration.ofDays(1))),
        new KvRequest.Watch("settings", Bytes.EMPTY, -1));
  }

  private static List<byte[]> answers() {
    KvReceipt receipt = new KvReceipt(7, KvReceipt.Durability.DURABLE, 1_200);
    return List.of(
        bytes(out -> KvCodec.encode(new WriteResult.Stored(receipt), out)),
        bytes(out -> KvCodec.encode(new WriteResult.Conflict(3), out)),
        bytes(out -> KvCodec.encode(new WriteResult.Absent(), out)),
        bytes(out -> KvCodec.encode(Optional.of(ENTRY), out)),
        bytes(out -> KvCodec.encode(List.of(HEAD, HEAD), out)),
        bytes(out -> KvCodec.encode(new KvEvent.Forgotten(4), out)),
        bytes(out -> KvCodec.encode(new KvEvent.Synced(5), out)));
  }
}
