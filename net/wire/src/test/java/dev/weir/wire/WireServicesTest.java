package dev.weir.wire;

import static dev.weir.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several services behind one door of a port that somebody else listens on.
final class WireServicesTest {
  private final WireLoops loops = WireLoops.start("services", 1, Transport.NIO);
  private final WireContext context = WireContext.of("node");

  @AfterEach
  void end() {
    loops.close();
  }

  @Test
  void eachStreamGoesToTheServiceOfItsMethod() {
    WireServices services =
        WireServices.NONE
            .with("one", (_, _) -> new Teller("first"))
            .with("two", (_, _) -> new Teller("second"));
    WireDoor door = WireDoor.of(context, () -> services);
    InetSocketAddress address = listen(door);

    assertThat(ask(address, "one")).isEqualTo("first");
    assertThat(ask(address, "two")).isEqualTo("second");
    assertThat(ask(address, "three")).isEqualTo("UNIMPLEMENTED");
    assertThat(services.methods()).containsExactlyInAnyOrder("one", "two");
    eventually("all have gone", () -> door.connectionCount() == 0);
  }

  @Test
  void whatNobodyServesGoesToTheServiceForAllOthers() {
    WireServices services =
        WireServices.NONE
            .with("one", (_, _) -> new Teller("first"))
            .otherwise((_, request) -> new Teller("other " + request.method()));
    InetSocketAddress address = listen(WireDoor.of(context, () -> services));

    assertThat(ask(address, "one")).isEqualTo("first");
    assertThat(ask(address, "nine")).isEqualTo("other nine");
  }

  @Test
  void aMethodHasOneService() {
    WireServices services = WireServices.NONE.with("one", (_, _) -> new Teller("first"));

    assertThatThrownBy(() -> services.with("one", (_, _) -> new Teller("second")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'one' has two services");
  }

  @Test
  void drainingTheDoorSendsItsConnectionsAway() {
    WireDoor door =
        WireDoor.of(context, () -> WireServices.NONE.with("one", (_, _) -> new Teller("first")));
    InetSocketAddress address = listen(door);
    WireConnection connection = connect(address);
    eventually("connected", () -> door.connectionCount() == 1);

    door.drain(Duration.ofSeconds(20)).toCompletableFuture().join();
    eventually("the client was sent away", () -> !connection.isOpen());
  }

  private InetSocketAddress listen(WireDoor door) {
    Channel listener =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.transport().serverType())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    loops.track(channel);
                    door.open(channel);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    loops.track(listener);
    return (InetSocketAddress) listener.localAddress();
  }

  private WireConnection connect(InetSocketAddress address) {
    return new WireConnector(loops, WireContext.of("client"))
        .connect(address, new ConnectionHandler() {})
        .toCompletableFuture()
        .join();
  }

  /// What a service answers, or the code of the refusal.
  private String ask(InetSocketAddress address, String method) {
    WireConnection connection = connect(address);
    AtomicReference<@Nullable String> answer = new AtomicReference<>();
    WireStream stream =
        connection.open(
            OpenRequest.of(method),
            new StreamHandler() {
              @Override
              public void onMessage(WireStream own, MessageView message) {
                answer.set(message.text());
              }

              @Override
              public void onClosed(WireStream own, WireStatus status, Metadata trailers) {
                answer.compareAndSet(null, status.code().toString());
              }
            });
    assertThat(stream.send(Unpooled.EMPTY_BUFFER).isTaken()).isTrue();
    eventually("an answer", () -> answer.get() != null);
    connection.close();
    return String.valueOf(answer.get());
  }

  private record Teller(String text) implements StreamHandler {
    @Override
    public void onMessage(WireStream stream, MessageView message) {
      stream.send(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    @Override
    public void onClosed(WireStream stream, WireStatus status, Metadata trailers) {}
  }
}
