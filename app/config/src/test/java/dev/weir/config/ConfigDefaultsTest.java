package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.schema.Key;
import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Shape.Variants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigDefaultsTest {
  private static final String DEFAULTS =
      """
      version = 1
      server.listen = 127.0.0.1:4750
      server.dataDir = /home/weir/.local/state/weir/data
      server.maxMessage = 1MiB
      server.insecureBind = false
      server.role = all
      server.ops = 127.0.0.1:4770
      server.web.enabled = true
      server.web.origins = []
      server.web.streams = 2000
      server.tls.certificate = none
      server.tls.key = none
      server.tls.clientCa = none
      server.tls.clients = required
      server.tls.plain = refused
      server.proxies = []
      server.limits.connections = 10000
      server.limits.connectionsPerAddress = 5000
      server.limits.connectionsPerSecond = 1000
      server.limits.handshake = 10s
      auth.file = none
      auth.audit = none
      auth.auditBytes = 16MiB
      auth.auditFiles = 8
      store.segmentBytes = 64MiB
      store.retention.bytes = none
      store.retention.age = none
      store.retention.freeDiskFloor = 1GiB
      store.duplicateWindow = 10m
      store.duplicateIds = 131072
      store.retainedTopics = 1000000
      store.queueBytes = 16MiB
      flow.creditBytes = 16MiB
      flow.heartbeat = 5s
      flow.v1Queue = 1000
      flow.v1Overflow = credit
      kv.segmentBytes = 64MiB
      kv.queueBytes = 16MiB
      kv.cacheBytes = 64MiB
      kv.maxValue = 1MiB
      kv.maxBuckets = 1024
      kv.tombstones = 1d
      wire.tokens = none
      wire.checksum = false
      wire.compression = false
      wire.lease.calls = 0
      wire.lease.period = 1s
      wire.spinMicros = 0
      router.mapVersion = 1
      router.storages = []
      router.ca = none
      router.certificate = none
      router.key = none
      router.token = none
      router.name = none
      router.announce = 2s
      edge.to = []
      edge.tls.ca = none
      edge.tls.certificate = none
      edge.tls.key = none
      edge.token = none
      edge.topic = edge
      edge.spool.dir = /home/weir/.local/state/weir/spool
      edge.spool.maxBytes = 10GiB
      edge.spool.maxAge = none
      edge.spool.freeDiskFloor = 1GiB
      edge.spool.full = block
      edge.spool.backfill = newestFirst
      edge.spool.backfillPercent = 20
      edge.batch.bytes = 256KiB
      edge.batch.linger = 200ms
      edge.compression.codec = zstd
      edge.compression.level = auto
      edge.compression.dictionary = auto
      edge.compression.columnar = auto
      edge.window.mode = auto
      edge.window.bytes = 32MiB
      edge.ops = 127.0.0.1:4760
      edge.inputs = []
      telemetry.logs.format = text
      telemetry.logs.level = warn
      """;

  @TempDir Path directory;

  @Test
  void everyDefaultIsRecordedHere() {
    LoadResult.Loaded loaded =
        Loading.loaded(ConfigLoader.load(List.of(), Map.of("HOME", "/home/weir"), Map.of()));

    assertThat(ConfigShow.human(loaded.settings(), false)).isEqualTo(DEFAULTS);
  }

  @Test
  void everyDefaultPrintsAndReadsBackToItself() {
    List<String> checked = new ArrayList<>();
    eachKey(WeirSchema.ROOT, "", (path, key) -> checkRoundTrip(path, key, checked));

    assertThat(checked).hasSizeGreaterThan(35);
  }

  @Test
  void everyKeyHasADescriptionAndARequiredOneAnExample() {
    eachKey(
        WeirSchema.ROOT,
        "",
        (path, key) -> {
          if (!(key.shape() instanceof Section<?>)) {
            assertThat(key.description()).as(path).endsWith(".").doesNotContain("|");
          }
          if (key.shape() instanceof Value<?> && key.defaultValue().isEmpty()) {
            assertThat(key.example()).as(path).isNotEmpty();
          }
        });
  }

  @Test
  void theTemplateLoadsToTheDefaults() {
    assertThat(new Loading(directory).accepted(ConfigTemplate.text()))
        .isEqualTo(Loading.defaults());
  }

  @Test
  void theTemplateNamesEveryKey() {
    String template = ConfigTemplate.text();

    eachKey(WeirSchema.ROOT, "", (path, key) -> assertThat(template).contains(key.name() + ":"));
  }

  @Test
  void theInputsInTheTemplateAreValid() {
    String text =
        "version: 1\nedge:\n  to: [weir://core]\n  inputs:\n"
            + ConfigTemplate.inputExamples().indent(4);

    assertThat(new Loading(directory).accepted(text).edge().inputs())
        .hasSameSizeAs(InputSection.VARIANTS.cases().keySet())
        .doesNotHaveDuplicates();
  }

  private static <T> void checkRoundTrip(String path, Key<T> key, List<String> checked) {
    if (key.shape() instanceof Value<T> value && key.defaultValue().isPresent()) {
      T first = read(path, value, key.defaultValue().get());
      T second = read(path, value, value.printer().apply(first));
      assertThat(second).as(path).isEqualTo(first);
      assertThat(value.printer().apply(second)).as(path).isEqualTo(value.printer().apply(first));
      checked.add(path);
    }
  }

  private static <T> T read(String path, Value<T> value, String text) {
    Reading<T> reading = value.reader().read(text, Map.of("HOME", "/home/weir"));
    assertThat(reading).as(path + " = " + text).isInstanceOf(Reading.Accepted.class);
    return ((Reading.Accepted<T>) reading).value();
  }

  private interface KeyVisitor {
    void visit(String path, Key<?> key);
  }

  private static void eachKey(Shape<?> shape, String path, KeyVisitor visitor) {
    switch (shape) {
      case Value<?> _ -> {}
      case ListOf<?> list -> eachKey(list.element(), path + "[]", visitor);
      case Variants<?> variants ->
          variants.cases().forEach((name, section) -> eachKey(section, path + name, visitor));
      case Section<?> section -> {
        for (Key<?> key : section.keys()) {
          visitor.visit(path + "." + key.name(), key);
          eachKey(key.shape(), path + "." + key.name(), visitor);
        }
      }
    }
  }
}
