package dev.weir.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.message.BatchBuilder;
import dev.weir.message.Dictionary;
import dev.weir.message.DictionaryTrainer;
import dev.weir.message.Encoding;
import dev.weir.message.Message;
import dev.weir.proto.v1.Delivery;
import dev.weir.proto.v1.SubscribeResponse;
import dev.weir.proto.v1.SubscriptionOpening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DictionaryDeliveryTest {
  private static final Dictionary DICTIONARY = trained();

  @TempDir Path directory;
  private Door door = unset();
  private final List<String> written = new ArrayList<>();

  /// Set before each test.
  @SuppressWarnings("NullAway") // the runner calls open() first
  private static Door unset() {
    return null;
  }

  private static Dictionary trained() {
    List<Bytes> samples = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      samples.add(Bytes.utf8(text(i)));
    }
    return DictionaryTrainer.train(samples, 2 << 10, 3).orElseThrow();
  }

  private static String text(int i) {
    return "{\"sensor\":\"" + i * 7919 % 1000 + "\",\"region\":\"plant-" + i % 7 + "\"}";
  }

  @BeforeEach
  void publish() {
    door = new Door(directory);
    for (int i = 0; i < 20; i++) {
      BatchBuilder builder = new BatchBuilder(64 << 10);
      written.add(text(i));
      builder.add(Message.of("a", text(i)));
      var _ = door.publish(builder.build(Encoding.with(DICTIONARY, 3), Bytes.EMPTY));
    }
  }

  @AfterEach
  void close() {
    door.close();
  }

  private static SubscriptionOpening.Builder toTheEnd() {
    return Reader.opening("a").setEndAtTail(true).setCreditLimitMessages(-1);
  }

  private static List<SubscribeResponse> dictionaries(Reader reader) {
    return reader.responses().stream().filter(SubscribeResponse::hasDictionary).toList();
  }

  @Test
  void sendsADictionaryOnceToThoseWhoAskedForIt() {
    SubscriptionOpening opening = toTheEnd().setAcceptsDictionaries(true).build();
    Reader reader = Reader.open(door, opening).awaitEnd();

    assertThat(dictionaries(reader)).hasSize(1);
    assertThat(reader.deliveries())
        .extracting(Delivery::getDictionaryId)
        .containsOnly(DICTIONARY.id());
    assertThat(reader.bodies()).isEqualTo(written);
  }

  @Test
  void decodesForThoseWhoDidNot() {
    Reader reader = Reader.open(door, toTheEnd().build()).awaitEnd();

    assertThat(dictionaries(reader)).isEmpty();
    assertThat(reader.deliveries()).extracting(Delivery::getDictionaryId).containsOnly(0);
    assertThat(reader.bodies()).isEqualTo(written);
  }
}
