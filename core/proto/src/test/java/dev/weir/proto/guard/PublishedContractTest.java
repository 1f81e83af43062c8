package dev.weir.proto.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.proto.AckMessage;
import dev.weir.proto.DataSinkGrpc;
import dev.weir.proto.DataSinkOuterClass;
import dev.weir.proto.Request;
import dev.weir.proto.Response;
import dev.weir.proto.ServiceMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A client generated from the published contract alone must go on working: the same path, the same
/// bytes in both directions.
final class PublishedContractTest {
  private static final byte[] PLAIN_REQUEST = {
    0x08,
    1, // version = 1
    0x12,
    2,
    'i',
    'd', // message_id
    0x4a,
    2,
    'h',
    'i' // plain_message, field 9
  };

  private static final byte[] ZSTD_REQUEST = {
    0x08,
    1, // version = 1
    0x12,
    1,
    7, // message_id
    0x52,
    3,
    1,
    2,
    3 // zstd_compressed, field 10
  };

  private static final byte[] ACK = {
    0x08,
    1, // version = 1
    0x4a,
    7, // ack, field 9
    0x0a,
    2,
    'i',
    'd', // message_ids
    0x0a,
    1,
    7 // message_ids
  };

  private static final byte[] FULL = {
    0x08, 1, // version = 1
    0x52, 2, // info, field 10
    0x08, 100 // queue_capacity
  };

  @Test
  void readsTheBytesOfAPublishedClient() throws InvalidProtocolBufferException {
    Request plain = Request.parseFrom(PLAIN_REQUEST);
    Request zstd = Request.parseFrom(ZSTD_REQUEST);

    assertThat(plain.getVersion()).isEqualTo(1);
    assertThat(plain.getMessageId()).isEqualTo(ByteString.copyFromUtf8("id"));
    assertThat(plain.getPlainMessage()).isEqualTo(ByteString.copyFromUtf8("hi"));
    assertThat(zstd.getMessageId()).isEqualTo(ByteString.copyFrom(new byte[] {7}));
    assertThat(zstd.getZstdCompressed()).isEqualTo(ByteString.copyFrom(new byte[] {1, 2, 3}));
    assertThat(plain.toByteArray()).isEqualTo(PLAIN_REQUEST);
    assertThat(zstd.toByteArray()).isEqualTo(ZSTD_REQUEST);
  }

  @Test
  void writesTheBytesThatAPublishedClientReads() {
    AckMessage ids =
        AckMessage.newBuilder()
            .addMessageIds(ByteString.copyFromUtf8("id"))
            .addMessageIds(ByteString.copyFrom(new byte[] {7}))
            .build();
    ServiceMessage full = ServiceMessage.newBuilder().setQueueCapacity(100).build();

    assertThat(Response.newBuilder().setVersion(1).setAck(ids).build().toByteArray())
        .isEqualTo(ACK);
    assertThat(Response.newBuilder().setVersion(1).setInfo(full).build().toByteArray())
        .isEqualTo(FULL);
  }

  @Test
  void keepsThePublishedPath() {
    assertThat(DataSinkGrpc.getSendMethod().getFullMethodName()).isEqualTo("DataSink/Send");
    assertThat(DataSinkGrpc.getSendMethod().getType().clientSendsOneMessage()).isFalse();
    assertThat(DataSinkGrpc.getSendMethod().getType().serverSendsOneMessage()).isFalse();
  }

  @Test
  void holdsEveryFieldOfThePublishedText() throws IOException {
    List<String> published = new ArrayList<>();
    Matcher matcher =
        Pattern.compile("message (\\w+) \\{|(\\w+) (\\w+) = (\\d+);").matcher(publishedText());
    String message = "";
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        message = matcher.group(1);
      } else {
        published.add(
            message + "." + matcher.group(3) + " " + matcher.group(4) + " " + matcher.group(2));
      }
    }

    List<String> ours =
        SchemaEntry.of(DataSinkOuterClass.getDescriptor()).stream()
            .map(entry -> entry.path() + " " + entry.number() + " " + entry.type())
            .toList();
    assertThat(published).hasSize(9);
    assertThat(ours).containsAll(published);
  }

  private static String publishedText() throws IOException {
    try (InputStream in =
        PublishedContractTest.class.getResourceAsStream("/published_data_sink.proto")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
