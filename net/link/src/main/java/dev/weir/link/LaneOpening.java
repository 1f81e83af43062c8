package dev.weir.link;

import dev.weir.flow.ReceiverState;
import dev.weir.message.StoredLane;
import dev.weir.proto.Frame;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lanes that a sender opens within a session: with frame 1 of a number that its hello did not
/// name.
///
/// The store is asked first, as at a hello, and must know nothing of such a lane: a number that was
/// used before would have its frames taken for duplicates and silently left out. What arrives
/// meanwhile, on any lane, is held in order; nothing more is asked for then, so no more is held
/// than was asked for before.
///
/// Owned by the session's event loop.
final class LaneOpening {
  private final ServerContext context;
  private final FrameIntake intake;
  private final EventExecutor loop;
  private final Supplier<ReceiverState> state;
  private final Consumer<String> onFault;
  private final Runnable onOpened;
  private final ArrayDeque<Frame> held = new ArrayDeque<>();
  private @Nullable Integer opening;

  /// @param onFault told why the stream must end
  /// @param onOpened told when what was held is taken
  LaneOpening(
      ServerContext context,
      FrameIntake intake,
      EventExecutor loop,
      Supplier<ReceiverState> state,
      Consumer<String> onFault,
      Runnable onOpened) {
    this.context = context;
    this.intake = intake;
    this.loop = loop;
    this.state = state;
    this.onFault = onFault;
    this.onOpened = onOpened;
  }

  /// Whether frames are held: nothing more is to be asked for.
  boolean isBusy() {
    return opening != null;
  }

  /// Takes a frame of a session that is open.
  void take(SessionHello hello, Frame frame) {
    if (opening != null) {
      held.add(frame);
    } else if (!intake.take(frame, state.get())) {
      open(hello, frame);
    }
  }

  private void open(SessionHello hello, Frame frame) {
    int lane = frame.getLane();
    if (frame.getSequence() != 1 || lane < 0) {
      onFault.accept("Lane " + Integer.toUnsignedString(lane) + " was not named in the hello.");
      return;
    }
    if (intake.laneCount() >= SessionHello.MAX_LANES) {
      onFault.accept("More than " + SessionHello.MAX_LANES + " lanes are open.");
      return;
    }
    CompletableFuture<StoredLane> asked =
        context.store().resumeLane(hello.source(), lane, 1).toCompletableFuture();
    if (asked.isDone() && !asked.isCompletedExceptionally()) {
      if (isNew(lane, asked.join())) {
        intake.take(frame, state.get());
      }
      return;
    }
    opening = lane;
    held.add(frame);
    CompletableFuture<StoredLane> _ =
        asked.whenComplete(
            (stored, failure) -> Loops.execute(loop, () -> onAnswer(hello, lane, stored, failure)));
  }

  /// Opens a lane of which nothing is stored.
  private boolean isNew(int lane, @Nullable StoredLane stored) {
    if (stored != null && stored.sequence() > 0) {
      onFault.accept(
          "Lane " + lane + " begins again, but is stored up to " + stored.sequence() + ".");
      return false;
    }
    intake.open(lane);
    return true;
  }

  private void onAnswer(
      SessionHello hello, int lane, @Nullable StoredLane stored, @Nullable Throwable failure) {
    opening = null;
    if (failure != null) {
      onFault.accept("Lane " + lane + ": " + LinkStatus.fault(failure).explanation());
    } else if (isNew(lane, stored)) {
      takeHeld(hello);
      onOpened.run();
      return;
    }
    held.clear();
  }

  /// One of them may open another lane: the rest is held again then, in order.
  private void takeHeld(SessionHello hello) {
    for (int left = held.size(); left > 0; left--) {
      Frame frame = held.poll();
      if (frame != null && state.get() != ReceiverState.CLOSED) {
        take(hello, frame);
      }
    }
  }
}
