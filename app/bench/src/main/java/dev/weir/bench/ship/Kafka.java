package dev.weir.bench.ship;

import dev.weir.bench.Children;
import dev.weir.bench.CoreProcess;
import dev.weir.lab.Lab;
import dev.weir.lab.Side;
import dev.weir.lab.Way;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A peer: Apache Kafka's producer on the near side, one broker on the far one that fsyncs every
/// append, acks=all. Both come from the module app/peers, whose jars are not part of the product.
final class Kafka {
  private static final int PORT = 9292;
  private static final Pattern READ =
      Pattern.compile("read stored=(\\d+) lost=(\\d+) duplicated=(\\d+) damaged=(\\d+)");

  private final ShipOptions options;
  private final String classPath;
  private final Path directory;
  private final Lab lab;

  /// @param classPath of app/peers
  /// @param directory empty
  Kafka(ShipOptions options, String classPath, Path directory, Lab lab) {
    this.options = options;
    this.classPath = classPath;
    this.directory = directory;
    this.lab = lab;
  }

  /// Ships the options' data for as long as every mode does.
  ///
  /// @param compression as Kafka names it: `none` or `zstd`
  PeerOutcome run(String compression) throws IOException {
    String far = lab.host() + ":" + PORT;
    List<String> broker =
        java(
            "-Xmx512m",
            "dev.weir.peers.KafkaBroker",
            directory.resolve("broker").toString(),
            lab.host(),
            Integer.toString(PORT));
    try (CoreProcess process = CoreProcess.start(lab.command(Side.FAR, broker))) {
      return load(process, far, compression);
    }
  }

  private PeerOutcome load(CoreProcess broker, String far, String compression) throws IOException {
    List<String> words =
        java(
            "-Xmx384m",
            "dev.weir.peers.KafkaLoad",
            far,
            compression,
            options.set().label(),
            Long.toString(options.seed()),
            Long.toString(options.bytes().bytes()),
            Long.toString(options.longest().toSeconds()),
            Long.toString(options.warmUp().toSeconds()));
    Path errors = directory.resolve("load.err");
    Process process =
        Children.start(
            new ProcessBuilder(lab.command(Side.NEAR, words)).redirectError(errors.toFile()));
    try {
      return watch(process.inputReader(StandardCharsets.UTF_8), broker, errors);
    } finally {
      process.destroyForcibly();
    }
  }

  private PeerOutcome watch(BufferedReader said, CoreProcess broker, Path errors)
      throws IOException {
    long wire = 0;
    double cpu = 0;
    LoadFigures load = null;
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher end = ShipWords.END.matcher(line);
      Matcher read = READ.matcher(line);
      if (line.equals(ShipWords.BEGIN)) {
        wire = lab.totals(Way.OUT).bytes();
        cpu = broker.cpuSeconds();
      } else if (end.matches()) {
        load = LoadFigures.parse(end.group(1));
        wire = lab.totals(Way.OUT).bytes() - wire;
        cpu = broker.cpuSeconds() - cpu;
      } else if (load != null && read.matches()) {
        return new PeerOutcome(
            load, wire, cpu, Long.parseLong(read.group(2)), Long.parseLong(read.group(3)));
      }
    }
    throw new IOException("Kafka's load ended early:\n" + Files.readString(errors));
  }

  private List<String> java(String heap, String... program) {
    List<String> words = new ArrayList<>();
    words.add(options.java().getFirst());
    words.addAll(List.of("-XX:+UseSerialGC", heap, "--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of("-cp", classPath));
    words.addAll(List.of(program));
    return words;
  }
}
