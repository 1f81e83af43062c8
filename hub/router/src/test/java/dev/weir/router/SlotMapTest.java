package dev.weir.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlotMapTest {
  private static final StorageNode A = node("a", 1);
  private static final StorageNode B = node("b", 2);
  private static final StorageNode C = node("c", 3);

  private static StorageNode node(String id, int port) {
    return new StorageNode(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  @Test
  void spreadsSlotsEvenly() {
    SlotMap map = SlotMap.even(List.of(A, B));

    assertThat(map.nodeOf(0)).isEqualTo(A);
    assertThat(map.nodeOf(8191)).isEqualTo(A);
    assertThat(map.nodeOf(8192)).isEqualTo(B);
    assertThat(map.nodeOf(16_384)).isEqualTo(A);
    assertThat(map.nodeOf(-1)).isEqualTo(B);
    assertThat(map.routes()).containsExactly(0L, 8192L);
  }

  @Test
  void movesSlotsIntoANewerMap() {
    SlotMap map = SlotMap.even(List.of(A, B)).move(0, 100, C);

    assertThat(map.version()).isEqualTo(2);
    assertThat(map.nodeOf(99)).isEqualTo(C);
    assertThat(map.nodeOf(100)).isEqualTo(A);
    assertThat(map.nodes()).containsExactlyInAnyOrder(A, B, C);
    assertThat(map.move(0, 8192, B).nodes()).containsExactly(B);
  }

  @Test
  void knowsTheSlotsOfEachNode() {
    SlotMap map = SlotMap.even(List.of(A, B)).move(0, 100, C);

    assertThat(map.slotsOf(A).count()).isEqualTo(8_092);
    assertThat(map.slotsOf(C).count()).isEqualTo(100);
    assertThat(map.slotsOf(node("d", 4))).isEqualTo(SlotSet.NONE);
    for (StorageNode node : map.nodes()) {
      SlotSet slots = map.slotsOf(node);
      for (int slot = 0; slot < SlotMap.SLOTS; slot++) {
        assertThat(slots.holds(slot)).isEqualTo(node.equals(map.nodeOf(slot)));
      }
    }
    assertThatThrownBy(() -> new SlotSet(Bytes.EMPTY)).hasMessageContaining("slots is 0");
  }

  @Test
  void hasTheFingerprintOfWhoKeepsWhat() {
    SlotMap map = SlotMap.even(List.of(A, B));
    byte[] swapped = map.owners().toArray();
    for (int i = 0; i < swapped.length; i++) {
      swapped[i] = (byte) (1 - swapped[i]);
    }

    assertThat(SlotMap.even(7, List.of(A, B)).fingerprint()).isEqualTo(map.fingerprint());
    assertThat(SlotMap.even(List.of(node("a", 9), B)).fingerprint())
        .as("by another address")
        .isEqualTo(map.fingerprint());
    assertThat(new SlotMap(1, List.of(B, A), Bytes.wrap(swapped)).fingerprint())
        .as("listed the other way round")
        .isEqualTo(map.fingerprint());
    assertThat(SlotMap.even(List.of(B, A)).fingerprint()).isNotEqualTo(map.fingerprint());
    assertThat(SlotMap.even(List.of(A, C)).fingerprint()).isNotEqualTo(map.fingerprint());
    assertThat(map.move(5, 6, B).fingerprint()).isNotEqualTo(map.fingerprint());
  }

  @Test
  void refusesWhatIsNoMap() {
    assertThatThrownBy(() -> new SlotMap(1, List.of(A), Bytes.EMPTY))
        .hasMessageContaining("slots is 0");
    assertThatThrownBy(() -> SlotMap.even(List.of(A, node("a", 9)))).hasMessageContaining("one id");
    assertThatThrownBy(() -> new SlotMap(0, List.of(A), SlotMap.even(List.of(A)).owners()))
        .hasMessageContaining("version is 0");
    assertThatThrownBy(() -> new SlotMap(1, List.of(A), SlotMap.even(List.of(A, B)).owners()))
        .hasMessageContaining("slot 8192 has owner 1");
  }
}
