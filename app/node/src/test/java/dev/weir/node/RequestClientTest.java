package dev.weir.node;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.client.RespondOptions;
import dev.weir.client.Responder;
import dev.weir.client.WeirClient;
import dev.weir.message.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The Java client asks and answers through a real core, over a real socket.
@Timeout(120)
final class RequestClientTest {
  @TempDir Path directory;

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(WeirException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void asksAndAnswers() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      assertFails(ErrorCode.NO_RESPONDER, () -> client.request(Message.of("svc/a", "?")));
      try (Responder responder =
          client.respond(
              "svc/+",
              request -> {
                if (request.body().isEmpty()) {
                  throw new IllegalArgumentException("nothing to do");
                }
                return Message.of("-", request.body().utf8() + "!");
              })) {
        responder.opened().join();

        assertThat(client.request(Message.of("svc/a", "hi")).body().utf8()).isEqualTo("hi!");
        assertThatThrownBy(() -> client.request(Message.of("svc/a", "")))
            .hasMessageContaining("nothing to do")
            .isInstanceOfSatisfying(
                WeirException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_FAILED));
      }
      assertFails(ErrorCode.NO_RESPONDER, () -> client.request(Message.of("svc/a", "hi")));
    }
  }

  @Test
  void closingAResponderLetsItsHandlersReply() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      CountDownLatch isAtWork = new CountDownLatch(1);
      CompletableFuture<String> word = new CompletableFuture<>();
      Responder responder =
          client.respond(
              "svc",
              _ -> {
                isAtWork.countDown();
                return Message.of("-", word.join());
              });
      responder.opened().join();
      CompletableFuture<Message> asked =
          client.requestAsync(Message.of("svc", "?"), Duration.ofMinutes(1));
      assertThat(isAtWork.getCount() == 0 || await(isAtWork)).isTrue();
      Thread closing = Thread.ofVirtual().start(responder::close);
      word.complete("last");

      assertThat(asked.join().body().utf8()).isEqualTo("last");
      assertThat(join(closing)).isTrue();
      assertThat(responder.ended()).succeedsWithin(Duration.ofSeconds(60));
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean join(Thread thread) {
    try {
      thread.join();
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void comesBackAfterItsCoreDidAndTellsWhoAskedMeanwhile() {
    try (TestCore core = new TestCore(directory);
        WeirClient client = core.client()) {
      CompletableFuture<Message> never = new CompletableFuture<>();
      try (Responder responder =
          client.respond(
              RespondOptions.of("svc").withDrain(Duration.ZERO),
              request -> request.body().isEmpty() ? never.join() : request)) {
        responder.opened().join();
        CompletableFuture<Message> lost =
            client.requestAsync(Message.of("svc", ""), Duration.ofMinutes(1));
        eventually(
            "it is in hand",
            () -> client.request(Message.of("svc", "ping")).body().utf8().equals("ping"));
        core.stop();
        assertThatThrownBy(lost::join).hasCauseInstanceOf(WeirException.class);

        core.startAgain();
        eventually("it answers again", () -> answers(client));
      } finally {
        never.complete(Message.of("-", ""));
      }
    }
  }

  private static boolean answers(WeirClient client) {
    try {
      return client.request(Message.of("svc", "ping")).body().utf8().equals("ping");
    } catch (WeirException _) {
      return false;
    }
  }
}
