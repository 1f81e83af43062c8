package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of the memory of messages that wait for an executor.
final class InboxTest {
  private static final int LARGE = 64 << 10;

  private final ByteBuf received = Unpooled.directBuffer(2 * LARGE).writeZero(2 * LARGE);
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Reading reader = new Reading();
  private final Inbox inbox = new Inbox(reader, tasks::add, Context.ROOT);

  @AfterEach
  void nothingIsHeld() {
    assertThat(received.refCnt()).isEqualTo(1);
    received.release();
  }

  @Test
  void handsALargeMessageOverWithoutCopyingIt() {
    reader.reaction = body -> assertThat(body.getByte(body.readerIndex())).isEqualTo((byte) 7);

    inbox.request(1);
    inbox.addLater(0, received, 10, LARGE, 0);
    inbox.schedule();
    assertThat(received.refCnt()).isEqualTo(2);
    received.setByte(10, 7); // Seen through what waits: it is the same memory.
    run();

    assertThat(reader.lengths).containsExactly(LARGE);
    assertThat(reader.faults).isEmpty();
  }

  @Test
  void keepsNoReceiveBufferForASmallMessage() {
    inbox.request(1);
    inbox.addLater(0, received, 10, LARGE - 1, 0);
    inbox.schedule();

    assertThat(received.refCnt()).isEqualTo(1);
    run();
    assertThat(reader.lengths).containsExactly(LARGE - 1);
  }

  @Test
  void letsGoOfAMessageWhoseReaderThrows() {
    reader.reaction =
        _ -> {
          throw new IllegalStateException("unreadable");
        };

    inbox.request(1);
    inbox.addLater(0, received, 0, LARGE, 0);
    inbox.schedule();
    run();

    assertThat(reader.faults).hasSize(1);
  }

  @Test
  void letsGoOfWhatWaitsWhenTheCallEnds() {
    inbox.addLater(0, received, 0, LARGE, 0);
    inbox.addLater(0, received, LARGE, LARGE, 0);
    inbox.end(inbox::close);
    run();
    assertThat(received.refCnt()).isEqualTo(1);

    inbox.addLater(0, received, 0, LARGE, 0);
    inbox.schedule();

    assertThat(reader.lengths).isEmpty();
  }

  @Test
  void letsGoOfWhatAnExecutorRefuses() {
    Inbox refused =
        new Inbox(
            reader,
            _ -> {
              throw new RejectedExecutionException();
            },
            Context.ROOT);

    refused.addLater(0, received, 0, LARGE, 0);
    refused.schedule();
    refused.addLater(0, received, 0, LARGE, 0);
    refused.schedule();

    assertThat(reader.rejections).isEqualTo(1);
  }

  private void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private static final class Reading implements Inbox.Reader {
    private final List<Integer> lengths = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private Consumer<ByteBuf> reaction = _ -> {};
    private int rejections;

    @Override
    public void onMessage(int flags, ByteBuf buffer, int index, int length, long creditBytes) {
      lengths.add(length);
      reaction.accept(buffer);
    }

    @Override
    public void onReady() {}

    @Override
    public void onFault(Throwable fault) {
      faults.add(fault);
    }

    @Override
    public void onRejected() {
      rejections++;
    }
  }
}
