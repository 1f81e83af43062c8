package dev.weir.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.Credentials;
import dev.weir.base.Bytes;
import dev.weir.base.WeirException;
import dev.weir.proto.v1.BrokerGrpc;
import dev.weir.proto.v1.GetQueueRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A token may be as long at one door as at any other: the longest is looked at and not known, one
/// more character is refused for its length.
final class TokenLengthTest {
  private static final String LONGEST = "x".repeat(Credentials.MAX_CHARS);
  private static final String LONGER = LONGEST + "x";
  private static final String UNKNOWN = "neither a key of Weir nor a JWT";
  private static final String TOO_LONG = "expected";

  @TempDir Path directory;

  private AuthCore core;

  @BeforeEach
  void start() throws IOException {
    core = new AuthCore(directory);
  }

  @AfterEach
  void stop() {
    core.close();
  }

  @Test
  void overWire() {
    try (WireClients clients = new WireClients()) {
      assertThatThrownBy(
              () -> clients.blocking(core.node().address(), LONGEST).get("a", Bytes.EMPTY))
          .isInstanceOf(WeirException.class)
          .hasMessageContaining(UNKNOWN);
      assertThatThrownBy(
              () -> clients.blocking(core.node().address(), LONGER).get("a", Bytes.EMPTY))
          .isInstanceOf(WeirException.class)
          .hasMessageContaining("8193 bytes")
          .hasMessageContaining(TOO_LONG);
    }
  }

  @Test
  void overGrpc() {
    assertThat(grpc(LONGEST)).contains(UNKNOWN);
    assertThat(grpc(LONGER)).contains("8193 characters").contains(TOO_LONG);
  }

  private String grpc(String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    BrokerGrpc.BrokerBlockingStub stub =
        BrokerGrpc.newBlockingStub(core.channel())
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    try {
      var _ = stub.getQueue(GetQueueRequest.newBuilder().setName("jobs").build());
      return "";
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      return String.valueOf(e.getStatus().getDescription());
    }
  }

  @Test
  void overHttp() throws Exception {
    for (String path : new String[] {"/metrics", "/v1/queues/jobs"}) {
      assertThat(http(path, LONGEST)).contains(UNKNOWN);
      assertThat(http(path, LONGER)).contains("8193 characters").contains(TOO_LONG);
    }
  }

  private String http(String path, String token) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + core.node().address() + path))
              .header("Authorization", "Bearer " + token)
              .build();
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
      return answer.body();
    }
  }
}
