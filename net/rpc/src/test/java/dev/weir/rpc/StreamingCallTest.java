package dev.weir.rpc;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StreamingCallTest {
  private static final int MESSAGE_BYTES = 8 << 10;

  /// The stream's window, one message beyond it, and what may wait at the sender before it is told
  /// to stop; as frames, with some room for what the kernel and the connection hold.
  private static final int MOST_BYTES_UNDER_WAY = (1 << 20) + (256 << 10);

  private final RpcEnds ends = new RpcEnds();

  @AfterEach
  void close() throws Exception {
    ends.close();
  }

  private ClientCall<byte[], byte[]> start(
      MethodDescriptor<byte[], byte[]> method, Handling handling, Heard heard) throws Exception {
    ends.serve(ByteMethods.serving(method, handling));
    ClientCall<byte[], byte[]> call = ends.channel().newCall(method, CallOptions.DEFAULT);
    call.start(heard, new Metadata());
    return call;
  }

  @Test
  void keepsTheOrderOfAConversation() throws Exception {
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = start(ByteMethods.BIDI, Handling.echo(), heard);
    call.request(Integer.MAX_VALUE);

    for (int i = 0; i < 500; i++) {
      call.sendMessage(ByteMethods.filled(i, i));
    }
    call.halfClose();

    assertThat(heard.await().isOk()).isTrue();
    assertThat(heard.messages).hasSize(500);
    for (int i = 0; i < 500; i++) {
      assertThat(heard.messages.get(i)).isEqualTo(ByteMethods.filled(i, i));
    }
  }

  @Test
  void collectsManyMessagesIntoOneAnswer() throws Exception {
    Handling handling = Handling.byHand();
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = start(ByteMethods.COLLECT, handling, heard);
    call.request(1);
    for (int i = 0; i < 20; i++) {
      call.sendMessage(new byte[] {(byte) i});
    }
    call.halfClose();

    Handling.Served served = handling.next();
    served.call.request(100);
    assertThat(served.isHalfClosed.await(20, TimeUnit.SECONDS)).isTrue();
    served.answer(new byte[] {(byte) served.messages.size()});

    assertThat(heard.await().isOk()).isTrue();
    assertThat(heard.messages).containsExactly(new byte[] {20});
  }

  @Test
  void holdsAServerWhoseClientDoesNotAsk() throws Exception {
    Handling handling = Handling.byHand();
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = start(ByteMethods.EXPAND, handling, heard);
    call.sendMessage(new byte[0]);
    call.halfClose();
    ServerCallPump pump = new ServerCallPump(handling.next());

    pump.sendUntilHeld();
    assertThat(pump.sentBytes()).isBetween(1 << 20, MOST_BYTES_UNDER_WAY);
    assertThat(heard.messages).isEmpty();

    int before = pump.sentMessages();
    call.request(Integer.MAX_VALUE);
    eventually("the server may go on", pump.served.call::isReady);
    pump.served.call.close(Status.OK, new Metadata());
    assertThat(heard.await().isOk()).isTrue();
    assertThat(heard.messages).hasSize(before);
  }

  /// Sends as long as the call is ready for it.
  private static final class ServerCallPump {
    private final Handling.Served served;
    private final AtomicInteger sent = new AtomicInteger();

    ServerCallPump(Handling.Served served) {
      this.served = served;
      served.call.sendHeaders(new Metadata());
    }

    /// Ready again may only mean that the kernel took more, so it must stay false for a while:
    /// bounded by what may be under way, never by time.
    void sendUntilHeld() {
      eventually(
          "the server is held",
          () -> {
            while (served.call.isReady()) {
              served.call.sendMessage(new byte[MESSAGE_BYTES]);
              sent.incrementAndGet();
            }
            return sentBytes() >= 1 << 20;
          });
    }

    int sentMessages() {
      return sent.get();
    }

    int sentBytes() {
      return sent.get() * MESSAGE_BYTES;
    }
  }

  @Test
  void holdsAClientWhoseServerDoesNotAsk() throws Exception {
    Handling handling = Handling.byHand();
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = start(ByteMethods.COLLECT, handling, heard);
    call.request(1);
    AtomicInteger sent = new AtomicInteger();

    eventually(
        "the client is held",
        () -> {
          while (call.isReady()) {
            call.sendMessage(new byte[MESSAGE_BYTES]);
            sent.incrementAndGet();
          }
          return sent.get() * MESSAGE_BYTES >= 1 << 20;
        });
    assertThat(sent.get() * MESSAGE_BYTES).isLessThan(MOST_BYTES_UNDER_WAY);
    int readies = heard.readies.get();
    call.halfClose();
    Handling.Served served = handling.next();
    served.call.request(sent.get());

    assertThat(served.isHalfClosed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(served.messages).hasSize(sent.get());
    eventually("the client is told to go on", () -> heard.readies.get() > readies || readies > 1);
    served.answer(new byte[0]);
    assertThat(heard.await().isOk()).isTrue();
  }

  @Test
  void takesWhatIsSentWithoutAsking() throws Exception {
    Heard heard = new Heard();
    ClientCall<byte[], byte[]> call = start(ByteMethods.BIDI, Handling.echo(), heard);
    call.request(Integer.MAX_VALUE);

    for (int i = 0; i < 24; i++) {
      call.sendMessage(new byte[1 << 20]);
    }
    call.halfClose();

    assertThat(heard.await().isOk()).isTrue();
    assertThat(heard.messages).hasSize(24);
  }
}
