package dev.weir.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.weir.base.Bytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class GrpcBytesTest {
  @Test
  void anArrayOfTheFieldsOwnIsNotCopied() {
    byte[] own = {1, 2, 3};

    Bytes bytes = GrpcBytes.of(UnsafeByteOperations.unsafeWrap(own));

    assertThat(bytes.array()).isSameAs(own);
    assertThat(bytes).isEqualTo(Bytes.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void whatIsPartOfSomethingLargerIsCopied() {
    byte[] large = new byte[1_000];
    large[500] = 7;

    Bytes part = GrpcBytes.of(UnsafeByteOperations.unsafeWrap(large, 500, 2));
    ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) 7).put((byte) 0).flip();
    Bytes buffer = GrpcBytes.of(UnsafeByteOperations.unsafeWrap(direct));

    assertThat(part).isEqualTo(Bytes.wrap(new byte[] {7, 0}));
    assertThat(part.array()).hasSize(2);
    assertThat(buffer).isEqualTo(part);
  }

  @Test
  void piecesAreJoined() {
    ByteString pieces = ByteString.copyFromUtf8("a".repeat(500));
    for (int i = 0; i < 5; i++) {
      pieces = pieces.concat(ByteString.copyFromUtf8("b".repeat(500)));
    }

    assertThat(GrpcBytes.of(pieces)).isEqualTo(Bytes.wrap(pieces.toByteArray()));
    assertThat(GrpcBytes.of(ByteString.EMPTY)).isSameAs(Bytes.EMPTY);
  }
}
