package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CallOutputTest {
  private final List<String> heard = new ArrayList<>();
  private final CallOutput<String> output = new CallOutput<>(new Client());

  @Test
  void saysNothingBehindTheLastWord() {
    assertThat(output.say("a")).isTrue();
    assertThat(output.sayAll(List.of("b", "c"))).isTrue();
    assertThat(output.isEnded()).isFalse();

    assertThat(output.end("last")).isTrue();

    assertThat(output.isEnded()).isTrue();
    assertThat(output.say("d")).isFalse();
    assertThat(output.sayAll(List.of("e", "f"))).isFalse();
    assertThat(heard).containsExactly("a", "b", "c", "last", "completed");
  }

  @Test
  void endsOnceInWhicheverWayComesFirst() {
    assertThat(output.complete()).isTrue();

    assertThat(output.end("last")).isFalse();
    assertThat(output.fail(new IllegalStateException("too late"))).isFalse();
    assertThat(output.complete()).isFalse();
    assertThat(output.cancel()).isFalse();
    assertThat(heard).containsExactly("completed");
  }

  @Test
  void endsByAStatus() {
    assertThat(output.fail(new IllegalStateException("why"))).isTrue();

    assertThat(heard).containsExactly("failed: why");
  }

  @Test
  void saysNothingToWhoHasGone() {
    assertThat(output.cancel()).isTrue();

    assertThat(output.say("a")).isFalse();
    assertThat(output.end("last")).isFalse();
    assertThat(heard).isEmpty();
  }

  /// Writes down what comes.
  private final class Client implements StreamObserver<String> {
    @Override
    public void onNext(String word) {
      heard.add(word);
    }

    @Override
    public void onError(Throwable status) {
      heard.add("failed: " + status.getMessage());
    }

    @Override
    public void onCompleted() {
      heard.add("completed");
    }
  }
}
