package dev.weir.bench.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Another program's server is a plain socket here.
@Timeout(30)
final class PipedCallerTest {
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final OneLoop own = new OneLoop("test");
  private ServerSocket listener;
  private PipedCaller caller;
  private Socket server;
  private BufferedReader received;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    caller =
        new PipedCaller(
            own,
            listener.getLocalPort(),
            bytes("CONNECT\r\n"),
            bytes("ASK\r\n"),
            new AnswerCounter("MSG "));
    server = listener.accept();
    received =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII));
    caller.loop().execute(() -> caller.tell(new Told()));
  }

  @AfterEach
  void close() throws IOException {
    caller.close();
    server.close();
    listener.close();
    own.close();
  }

  @Test
  void saysThatItIsThereWhenItIsAsked() throws Exception {
    assertThat(received.readLine()).isEqualTo("CONNECT");
    say("PING\r\n");
    assertThat(received.readLine()).isEqualTo("PONG");

    call(7);
    assertThat(received.readLine()).isEqualTo("ASK");
    say("MSG in 1 4\r\nbody\r\n");

    assertThat(told.take()).isEqualTo("done 7");
  }

  @Test
  void failsAtOnceWhatIsAskedOfAClosedConnection() throws Exception {
    call(1);
    assertThat(received.readLine()).isEqualTo("CONNECT");
    assertThat(received.readLine()).isEqualTo("ASK");
    server.close();
    assertThat(told.take()).isEqualTo("failed 1");

    call(2);

    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("failed 2");
  }

  private void call(long tag) {
    caller.loop().execute(() -> caller.call(tag));
  }

  private void say(String text) throws IOException {
    server.getOutputStream().write(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private final class Told implements Outcome {
    @Override
    public void done(long tag) {
      told.add("done " + tag);
    }

    @Override
    public void failed(long tag, String why) {
      told.add("failed " + tag);
    }
  }
}
