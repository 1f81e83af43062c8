package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {
  @TempDir Path directory;

  private static AuditEvent event(int number) {
    return new AuditEvent(
        1_767_225_600_000_000L + number,
        "access",
        "anna",
        "key 4f1c09ab",
        "grpc",
        "10.0.0.1:5000",
        "publish",
        "a/\"b\"\n" + number,
        false,
        "no rule allows it",
        0);
  }

  @Test
  void writesALineForEachDecisionForItsOwnerOnly() throws IOException {
    Path file = directory.resolve("logs/audit.jsonl");
    try (AuditLog log = new AuditLog(file, 1 << 20, 3)) {
      log.record(event(1));
      log.record(event(2));
    }

    assertThat(Files.readAllLines(file))
        .hasSize(2)
        .first()
        .isEqualTo(
            "{\"time\":\"2026-01-01T00:00:00.000001Z\",\"event\":\"access\","
                + "\"decision\":\"refused\",\"user\":\"anna\",\"credential\":\"key 4f1c09ab\","
                + "\"door\":\"grpc\",\"address\":\"10.0.0.1:5000\",\"action\":\"publish\","
                + "\"target\":\"a/\\\"b\\\"\\n1\",\"why\":\"no rule allows it\"}");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void goesOnBehindWhatStandsThereAndKeepsSoManyFullFiles() throws IOException {
    Path file = directory.resolve("audit.jsonl");
    for (int run = 0; run < 3; run++) {
      try (AuditLog log = new AuditLog(file, 2_048, 2)) {
        for (int i = 0; i < 20; i++) {
          log.record(event(run * 20 + i));
        }
      }
    }

    try (var files = Files.list(directory)) {
      List<String> names = files.map(path -> path.getFileName().toString()).sorted().toList();
      assertThat(names).containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2");
    }
    for (String name : List.of("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2")) {
      assertThat(Files.size(directory.resolve(name))).isLessThanOrEqualTo(2_048);
    }
    List<String> last = Files.readAllLines(file);
    assertThat(last.getLast()).contains("59");
  }
}
