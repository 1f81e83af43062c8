package dev.weir.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class BytesTest {
  private final Bytes bytes = Bytes.utf8("hello world");

  @Test
  void slicesWithoutCopying() {
    Bytes world = bytes.slice(6, 5);

    assertThat(world.utf8()).isEqualTo("world");
    assertThat(world.array()).isSameAs(bytes.array());
    assertThat(world).isEqualTo(Bytes.utf8("world")).hasSameHashCodeAs(Bytes.utf8("world"));
  }

  @Test
  void refusesToSliceBeyondItsEnds() {
    assertThatThrownBy(() -> bytes.slice(6, 6)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bytes.slice(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> bytes.at(11)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
