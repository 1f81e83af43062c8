package dev.weir.proto.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.weir.proto.DataSinkOuterClass;
import dev.weir.proto.v1.BrokerOuterClass;
import dev.weir.proto.v1.OperationsOuterClass;
import dev.weir.proto.v1.PresenceOuterClass;
import dev.weir.proto.v1.QueueOuterClass;
import dev.weir.proto.v1.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Fails the build on a breaking change of a schema, and on growth without a recorded reason.
///
/// To record an addition: `-Dweir.docs.write=true -Dweir.docs.reason="why it is needed"`. A
/// breaking change is never recorded that way.
final class SchemaGuardTest {
  private static final Path RECORD = Path.of("schema", "schema.txt");
  private static final Path BUDGETS = Path.of("schema", "budgets.txt");
  private static final String HOW =
      "record it with -Dweir.docs.write=true -Dweir.docs.reason='why it is needed'";

  private static final List<FileDescriptor> FILES =
      List.of(
          DataSinkOuterClass.getDescriptor(),
          dev.weir.proto.v1.DataSinkOuterClass.getDescriptor(),
          BrokerOuterClass.getDescriptor(),
          OperationsOuterClass.getDescriptor(),
          QueueOuterClass.getDescriptor(),
          Request.getDescriptor(),
          PresenceOuterClass.getDescriptor());

  private static final List<SchemaEntry> SCHEMA =
      FILES.stream().flatMap(file -> SchemaEntry.of(file).stream()).toList();

  @Test
  void schemaOnlyGrowsAndEveryAdditionIsRecorded() throws IOException {
    SchemaRecord record = SchemaRecord.parse(Files.readAllLines(RECORD));

    assertThat(record.breaks(SCHEMA)).as("breaking changes").isEmpty();
    List<SchemaEntry> additions = record.additions(SCHEMA);
    if (isWriting() && !additions.isEmpty()) {
      List<String> lines = new ArrayList<>(List.of("", "= " + reason()));
      additions.forEach(entry -> lines.add(entry.line()));
      Files.write(RECORD, lines, StandardOpenOption.APPEND);
      return;
    }
    assertThat(additions).as("not recorded: " + HOW).isEmpty();
  }

  @Test
  void everyMessageKeepsToItsBudget() throws IOException {
    SizeBudgets budgets = SizeBudgets.parse(Files.readAllLines(BUDGETS));
    Map<String, Integer> sizes = sizes();

    List<String> excesses = budgets.excesses(sizes);
    if (isWriting() && !excesses.isEmpty()) {
      List<String> lines = new ArrayList<>();
      sizes.forEach((message, bytes) -> {
        if (!budgets.excesses(Map.of(message, bytes)).isEmpty()) {
          lines.add(message + " " + bytes + " " + reason());
        }
      });
      Files.write(BUDGETS, lines, StandardOpenOption.APPEND);
      return;
    }
    assertThat(excesses).as("beyond the budget: " + HOW).isEmpty();
  }

  @Test
  void namesEveryKindOfBreakingChange() {
    SchemaRecord record =
        SchemaRecord.parse(
            List.of(
                "# a comment",
                "= the first version",
                "a.M.kept 1 uint32 optional",
                "a.M.gone 2 uint32 optional",
                "a.M.renumbered 3 uint32 optional",
                "a.M.retyped 4 uint32 optional",
                "a.M.relabelled 5 uint32 optional",
                "removed a.M 6"));

    List<String> breaks =
        record.breaks(
            List.of(
                SchemaEntry.parse("a.M.kept 1 uint32 optional"),
                SchemaEntry.parse("a.M.renumbered 2 uint32 optional"),
                SchemaEntry.parse("a.M.retyped 4 uint64 optional"),
                SchemaEntry.parse("a.M.relabelled 5 uint32 repeated"),
                SchemaEntry.parse("a.M.added 6 uint32 optional"),
                SchemaEntry.parse("a.N.added 6 uint32 optional")));

    assertThat(breaks)
        .containsExactly(
            "changed: a.M.relabelled 5 uint32 optional is now a.M.relabelled 5 uint32 repeated",
            "changed: a.M.renumbered 3 uint32 optional is now a.M.renumbered 2 uint32 optional",
            "changed: a.M.retyped 4 uint32 optional is now a.M.retyped 4 uint64 optional",
            "removed or renamed: a.M.gone 2 uint32 optional",
            "uses a removed number again: a.M.added 6 uint32 optional");
  }

  @Test
  void refusesRecordsWithoutReasons() {
    assertThatThrownBy(() -> SchemaRecord.parse(List.of("a.M.x 1 uint32 optional")))
        .hasMessageContaining("no '= reason'");
    assertThatThrownBy(() -> SizeBudgets.parse(List.of("a.M 12")))
        .hasMessageContaining("'message bytes reason'");
    assertThatThrownBy(
            () -> SizeBudgets.parse(List.of("a.M 12 the first version", "a.M 11 it got smaller")))
        .hasMessageContaining("no growth");
  }

  @Test
  void namesMessagesBeyondTheirBudget() {
    SizeBudgets budgets =
        SizeBudgets.parse(List.of("a.M 12 the first version", "a.M 14 a field more is needed"));

    assertThat(budgets.excesses(Map.of("a.M", 14))).isEmpty();
    assertThat(budgets.excesses(Map.of("a.M", 15, "a.N", 1)))
        .containsExactly(
            "a.M takes 15 bytes, its budget is 14", "a.N takes 1 bytes, its budget is null");
  }

  private static Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new TreeMap<>();
    for (FileDescriptor file : FILES) {
      for (Descriptor message : file.getMessageTypes()) {
        sizes.put(message.getFullName(), SampleSize.bytes(message));
      }
    }
    return sizes;
  }

  private static boolean isWriting() {
    return Boolean.getBoolean("weir.docs.write");
  }

  private static String reason() {
    String reason = System.getProperty("weir.docs.reason", "");
    assertThat(reason.length()).as("set -Dweir.docs.reason to a sentence").isGreaterThan(10);
    return reason;
  }
}
