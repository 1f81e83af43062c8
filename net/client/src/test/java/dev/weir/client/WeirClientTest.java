package dev.weir.client;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.message.Message;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WeirClientTest {
  @Test
  void saysWhomItCouldNotReach() throws Exception {
    URI nobody;
    try (FakeCore core = new FakeCore()) {
      nobody = core.uri();
    }
    ClientConfig config = ClientConfig.of(nobody).withConnect(Duration.ofMillis(100));

    assertThatThrownBy(() -> WeirClient.connect(config))
        .isInstanceOfSatisfying(
            WeirException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
              assertThat(e.getMessage()).contains(nobody.toString()).contains("100 ms");
            });
  }

  @Test
  void usesTheFirstTargetThatAnswers() throws Exception {
    try (FakeCore gone = new FakeCore();
        FakeCore core = new FakeCore()) {
      gone.stop();
      try (WeirClient client = WeirClient.connect(gone.uri(), core.uri())) {
        client.publish(Message.of("a", "m"));
        assertThat(client.subscribe("a", Start.first()).take().text()).isEqualTo("m");
      }
      assertThat(core.stored()).isEqualTo(1);
    }
  }

  @Test
  void readsOnFromTheNextTargetWhenOneIsGone() throws Exception {
    try (FakeCore first = new FakeCore();
        FakeCore second = new FakeCore()) {
      for (FakeCore core : List.of(first, second)) {
        core.store(Message.of("a", "m0"), Message.of("a", "m1"), Message.of("a", "m2"));
      }
      try (WeirClient client = WeirClient.connect(first.uri(), second.uri());
          Subscription subscription =
              client.subscribe(SubscribeOptions.of("a", Start.first()).withBufferMessages(1))) {
        assertThat(subscription.take().text()).isEqualTo("m0");
        first.stop();
        assertThat(subscription.take().text()).isEqualTo("m1");
        assertThat(subscription.take().text()).isEqualTo("m2");
      }
    }
  }

  @Test
  void refusesTargetsThatItDoesNotUnderstand() {
    for (String target : List.of("http://localhost:4750", "localhost:4750", "weir:///x")) {
      assertThatThrownBy(() -> ClientConfig.of(URI.create(target)))
          .hasMessageContaining("expected weir://host:port");
    }
    assertThat(ClientConfig.of(URI.create("weir://localhost")).targets())
        .containsExactly(URI.create("weir://localhost:4750"));
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    try (FakeCore core = new FakeCore()) {
      WeirClient client = WeirClient.connect(core.uri());
      client.publish(Message.of("a", "m"));
      client.publishAsync(Message.of("a", "n")).join();
      Subscription subscription = client.subscribe("a", Start.first());
      subscription.take();

      client.close();
      client.close();

      assertThatThrownBy(() -> client.publish(Message.of("a", "o")))
          .isInstanceOf(RuntimeException.class);
      assertThatThrownBy(() -> client.subscribe("a", Start.first()))
          .isInstanceOf(IllegalStateException.class);
      eventually(
          "no thread is left",
          () ->
              Thread.getAllStackTraces().keySet().stream()
                  .map(Thread::getName)
                  .noneMatch(name ->
                      name.startsWith("weir-client")
                          || name.startsWith("weir-io-client")
                          || name.startsWith("weir-link-client")));
    }
  }
}
