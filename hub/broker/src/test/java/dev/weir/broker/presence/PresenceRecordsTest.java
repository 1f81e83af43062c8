package dev.weir.broker.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.broker.PresenceMember;
import dev.weir.testkit.ByteMutator;
import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PresenceRecordsTest {
  private static PresenceMember member(String name, String data) {
    return new PresenceMember(name, "u", Bytes.utf8(data), 7, Duration.ofMillis(5));
  }

  private static PresenceTable table() {
    PresenceTable table = new PresenceTable();
    table.put("a/b", member("anna", "1"));
    table.put("a/b", member("b\u00e4rt", ""));
    table.put("c", member("x", "2"));
    table.remove("c", "x");
    return table;
  }

  private static List<String> content(PresenceTable table) {
    List<String> all = new ArrayList<>();
    table.forEach((topic, sequence, member) -> all.add(topic + sequence + member));
    all.add(table.sequence() + " " + table.forgotten());
    return all;
  }

  @Test
  void aTableComesBackAsItWas() throws IOException {
    PresenceTable back = new PresenceTable();
    PresenceRecords.read(PresenceRecords.of(table()), back, -1);

    assertThat(content(back)).isEqualTo(content(table())).hasSize(3);
    assertThat(back.size()).isEqualTo(2);
  }

  @Test
  void recordsThatAreInTheTableAlreadyChangeNothing() throws IOException {
    PresenceRecords records = new PresenceRecords();
    records.present("a/b", 1, member("anna", "old"));
    records.left("a/b", 2, "b\u00e4rt");
    records.present("a/b", 5, member("new", ""));
    PresenceTable table = table();
    PresenceRecords.read(records.content(), table, table.sequence());

    assertThat(table.member("a/b", "anna")).isEqualTo(member("anna", "1"));
    assertThat(table.size("a/b")).isEqualTo(3);
    assertThat(table.sequence()).isEqualTo(5);
  }

  @Test
  void bytesOfAnotherKindAreRefusedAndNeverRunOver() {
    byte[] whole = PresenceRecords.of(table()).toArray();
    ByteMutator mutator = new ByteMutator(Seeds.random("PresenceRecordsTest"), List.of(whole));
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] bytes = mutator.next();
      try {
        PresenceRecords.read(Bytes.wrap(bytes), new PresenceTable(), -1);
      } catch (IOException | IllegalArgumentException _) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
