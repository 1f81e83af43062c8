package dev.weir.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.remote.Ends.Way;
import dev.weir.testkit.Seeds;
import dev.weir.wire.ConnectionHandler;
import dev.weir.wire.MessageView;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.StatusCode;
import dev.weir.wire.StreamHandler;
import dev.weir.wire.WireConnection;
import dev.weir.wire.WireStatus;
import dev.weir.wire.WireStream;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies of every size in one batch, and batches that lie.
@Timeout(60)
final class WireBatchesTest {
  @ParameterizedTest
  @EnumSource(Way.class)
  void answersBodiesOfEverySizeAsTheyWere(Way way) throws Exception {
    RandomGenerator random = Seeds.random("WireBatchesTest");
    List<Bytes> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int more = i % 50 == 7 ? 3 * WireBatches.MAX_BYTES : 1 + random.nextInt(700);
      byte[] body = new byte[Long.BYTES + random.nextInt(more)];
      random.nextBytes(body);
      body[0] = 0; // Not negative: see Ends.
      sent.add(Bytes.wrap(body));
    }
    try (Ends ends = new Ends(random, 10);
        Remote remote = ends.remote(way, RemoteMode.IN_ORDER, 64, Runnable::run)) {
      BlockingQueue<Bytes> answers = new LinkedBlockingQueue<>();
      for (Bytes body : sent) {
        remote.send(body, new Kept(answers));
      }

      for (Bytes body : sent) {
        assertThat(answers.take()).isEqualTo(body);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"000000", "00000010 00", "ffffffff", "7fffffff 00000000"})
  void refusesABatchThatIsCut(String hex) throws Exception {
    try (Ends ends = new Ends(Seeds.random("WireBatchesTest"), 10)) {
      assertThat(endOf(ends, WireBatches.CODEC, hex).code()).isEqualTo(StatusCode.INVALID_ARGUMENT);
    }
  }

  @Test
  void refusesAStreamThatBringsNoBatches() throws Exception {
    try (Ends ends = new Ends(Seeds.random("WireBatchesTest"), 10)) {
      assertThat(endOf(ends, "", "00000000").isOk()).isFalse();
      assertThat(ends.service().sessionCount()).isZero();
    }
  }

  /// How a stream ends that brings these bytes.
  private static WireStatus endOf(Ends ends, String codec, String hex) throws Exception {
    WirePeer peer = (WirePeer) ends.peer(Way.WIRE);
    WireConnection connection =
        peer.connector()
            .connect(peer.address(), new ConnectionHandler() {})
            .toCompletableFuture()
            .get();
    Metadata session =
        new Metadata(
            List.of(new Metadata.Entry(Envelope.SESSION, Bytes.wrap(Envelope.session(5, 4)))));
    Ended ended = new Ended(new CompletableFuture<>());
    connection
        .open(OpenRequest.of(peer.service()).withCodec(codec).with(session), ended)
        .send(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex.replace(" ", ""))));
    WireStatus status = ended.status().get();
    connection.close();
    return status;
  }

  private record Kept(BlockingQueue<Bytes> answers) implements RemoteReply {
    @Override
    public void onReply(Bytes body) {
      answers.add(body);
    }

    @Override
    public void onFailure(String why) {
      answers.add(Bytes.utf8(why));
    }
  }

  private record Ended(CompletableFuture<WireStatus> status) implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      status.completeExceptionally(new AssertionError("answered: " + message.text()));
    }

    @Override
    public void onClosed(WireStream stream, WireStatus how, Metadata trailers) {
      status.complete(how);
    }
  }
}
