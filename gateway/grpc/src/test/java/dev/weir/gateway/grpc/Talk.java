package dev.weir.gateway.grpc;

import dev.weir.testkit.Eventually;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A bidirectional call from the client's side, which keeps what it is answered.
final class Talk<Q, A> implements ClientResponseObserver<Q, A> {
  private final List<A> answers = new CopyOnWriteArrayList<>();
  private final boolean isManual;
  private volatile @Nullable ClientCallStreamObserver<Q> call;
  private volatile @Nullable Status end;

  private Talk(boolean isManual) {
    this.isManual = isManual;
  }

  static <Q, A> Talk<Q, A> open(Function<StreamObserver<A>, StreamObserver<Q>> method) {
    return open(method, false);
  }

  /// @param isManual whether nothing is read until it is asked for
  static <Q, A> Talk<Q, A> open(
      Function<StreamObserver<A>, StreamObserver<Q>> method, boolean isManual) {
    Talk<Q, A> talk = new Talk<>(isManual);
    var _ = method.apply(talk);
    return talk;
  }

  /// A call whose one request was said, and of which nothing is read until it is asked for.
  static <Q, A> Talk<Q, A> unread(Consumer<StreamObserver<A>> method) {
    Talk<Q, A> talk = new Talk<>(true);
    method.accept(talk);
    return talk;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> stream) {
    call = stream;
    if (isManual) {
      stream.disableAutoRequestWithInitial(0);
    }
  }

  ClientCallStreamObserver<Q> call() {
    ClientCallStreamObserver<Q> known = call;
    if (known == null) {
      throw new IllegalStateException("not started");
    }
    return known;
  }

  Talk<Q, A> say(Q request) {
    call().onNext(request);
    return this;
  }

  List<A> answers() {
    return answers;
  }

  @Override
  public void onNext(A answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable cause) {
    end = cause instanceof StatusRuntimeException known ? known.getStatus() : Status.UNKNOWN;
  }

  @Override
  public void onCompleted() {
    end = Status.OK;
  }

  List<A> await(int count) {
    Eventually.eventually(count + " answers", () -> answers.size() >= count || end != null);
    return answers;
  }

  Status awaitEnd() {
    Eventually.eventually("the call ends", () -> end != null);
    Status known = end;
    return known == null ? Status.UNKNOWN : known;
  }
}
