package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import dev.weir.wire.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class UnaryBodyTest {
  private static final Metadata HEADERS = Metadata.of("a", "b");
  private static final Metadata TRAILERS = Metadata.of("c", "");

  private static ByteBuf message() {
    return Unpooled.wrappedBuffer(new byte[] {UnaryBody.COMPRESSED, 7, 8, 9});
  }

  private static UnaryBody.Parts parts(ByteBuf body) {
    return new UnaryBody.Parts(body, body.readerIndex(), body.readableBytes());
  }

  @Test
  void isTheMessageAloneWithoutMetadata() {
    ByteBuf body = UnaryBody.with(Metadata.EMPTY, Metadata.EMPTY, message());

    assertThat(ByteBufUtil.hexDump(body)).isEqualTo("01" + "070809"); // flags, message
  }

  @Test
  void standsAsItsPictureSays() {
    ByteBuf body = UnaryBody.with(HEADERS, TRAILERS, message());

    assertThat(ByteBufUtil.hexDump(body))
        .isEqualTo(
            "07" // COMPRESSED, HEADERS, TRAILERS
                + "0007" // length of the headers
                + "0001"
                + "01"
                + "61"
                + "0001"
                + "62" // one entry: a = b
                + "0006" // length of the trailers
                + "0001"
                + "01"
                + "63"
                + "0000" // one entry: c = nothing
                + "070809"); // message
  }

  @Test
  void comesApartAgain() {
    UnaryBody.Parts parts = parts(UnaryBody.with(HEADERS, TRAILERS, message()));

    assertThat(parts.headers).isEqualTo(HEADERS);
    assertThat(parts.trailers).isEqualTo(TRAILERS);
    assertThat(parts.length).isEqualTo(3);
    assertThat(parts.isFailure()).isFalse();
  }

  @Test
  void bringsAFailureWithItsText() {
    ByteBuf body = UnaryBody.with(Metadata.EMPTY, TRAILERS, UnaryBody.failure(5, "\u2603"));
    UnaryBody.Parts parts = parts(body);

    assertThat(parts.isFailure()).isTrue();
    assertThat(parts.status(body).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(parts.status(body).getDescription()).isEqualTo("\u2603");
    assertThat(parts.trailers).isEqualTo(TRAILERS);
  }

  @Test
  void refusesMetadataThatIsCutOff() {
    ByteBuf whole = UnaryBody.with(HEADERS, TRAILERS, message());
    int metadataEnd = whole.readableBytes() - 3;

    for (int length = 0; length < metadataEnd; length++) {
      ByteBuf cut = whole.copy(0, length);
      assertThatThrownBy(() -> parts(cut)).isInstanceOf(WeirException.class);
    }
  }
}
