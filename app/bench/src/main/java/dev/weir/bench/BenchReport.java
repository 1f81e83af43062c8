package dev.weir.bench;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The result of a scenario, schema `weir.bench/v1`:
/// `{"schema","scenario","rows":[{"mode","rate","unit","p50Ms",…}],"ratios":{},"env":{}}`.
///
/// @param scenario its name, as the command says it
/// @param rows one a measured line
/// @param ratios comparisons within this run, by name
/// @param env the machine and the settings
public record BenchReport(
    String scenario, List<BenchRow> rows, Map<String, Double> ratios, Map<String, String> env) {
  public BenchReport {
    rows = List.copyOf(rows);
    ratios = new LinkedHashMap<>(ratios);
    env = new LinkedHashMap<>(env);
  }

  /// What a reader must know of the machine to judge a figure.
  public static Map<String, String> machine() {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    env.put("jdk", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    env.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    try {
      Path load = Path.of("/proc/loadavg");
      if (Files.isReadable(load)) {
        env.put("loadBefore", Files.readString(load).replaceAll(" .*\\s*", ""));
      }
    } catch (IOException _) {
      env.put("loadBefore", "unknown");
    }
    return env;
  }

  public String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("schema", "weir.bench/v1");
      json.writeStringProperty("scenario", scenario);
      json.writeArrayPropertyStart("rows");
      rows.forEach(row -> write(json, row));
      json.writeEndArray();
      json.writeObjectPropertyStart("ratios");
      ratios.forEach((name, value) -> json.writeNumberProperty(name, rounded(value)));
      json.writeEndObject();
      json.writeObjectPropertyStart("env");
      env.forEach(json::writeStringProperty);
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, BenchRow row) {
    json.writeStartObject();
    json.writeStringProperty("mode", row.mode());
    row.labels().forEach(json::writeStringProperty);
    json.writeNumberProperty("rate", rounded(row.rate()));
    json.writeStringProperty("unit", row.unit());
    row.extra().forEach((name, value) -> json.writeNumberProperty(name, rounded(value)));
    json.writeEndObject();
  }

  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }

  /// The table for people.
  public String table() {
    Set<String> extras = new LinkedHashSet<>();
    rows.forEach(row -> extras.addAll(row.extra().keySet()));
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("MODE", "RATE", "UNIT"));
    extras.forEach(head::add);
    lines.add(head);
    for (BenchRow row : rows) {
      List<String> line = new ArrayList<>();
      line.add(row.mode());
      line.add(String.format(Locale.ROOT, row.rate() < 100 ? "%.2f" : "%,.0f", row.rate()));
      line.add(row.unit());
      for (String name : extras) {
        Double value = row.extra().get(name);
        line.add(value == null ? "-" : String.format(Locale.ROOT, "%.3f", value));
      }
      lines.add(line);
    }
    StringBuilder text = new StringBuilder(scenario).append('\n').append(TextTable.of(lines, 1));
    ratios.forEach(
        (name, value) -> text.append(String.format(Locale.ROOT, "%s: %.2f%n", name, value)));
    return text.toString();
  }
}
