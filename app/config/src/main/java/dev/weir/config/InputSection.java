package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.InputConfig.FileInput;
import dev.weir.config.InputConfig.From;
import dev.weir.config.InputConfig.HttpInput;
import dev.weir.config.InputConfig.StdinInput;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Variants;
import dev.weir.config.schema.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kinds of `edge.inputs`.
final class InputSection {
  static final Key<Optional<String>> TOPIC =
      Key.of("topic", Values.optional(AddressValues.topic()))
          .defaults(Values.NONE)
          .about("The topic of this input; none is that of the edge.");

  static final Variants<InputConfig> VARIANTS = new Variants<>("type", cases());

  private InputSection() {}

  private static Map<String, Section<? extends InputConfig>> cases() {
    Map<String, Section<? extends InputConfig>> cases = new LinkedHashMap<>();
    cases.put("file", file());
    cases.put("stdin", stdin());
    cases.put("http", http());
    cases.putAll(SystemInputs.cases());
    cases.putAll(TelemetryInputs.cases());
    return cases;
  }

  private static Section<FileInput> file() {
    Key<Optional<String>> startPattern =
        Key.of("startPattern", AddressValues.optionalRegex())
            .defaults(Values.NONE)
            .about(
                "A regular expression for the first line of an event; none makes each line one.");
    Section<Optional<String>> multilineSection =
        new Section<>(
            "Events of several lines.", List.of(startPattern), bound -> bound.get(startPattern));
    Key<List<String>> paths =
        Key.of("paths", new ListOf<>(AddressValues.filePattern(), 1))
            .example("/var/log/app/*.log")
            .about("The files to follow, by paths or globs.");
    Key<Optional<String>> multiline = Key.of("multiline", multilineSection);
    Key<From> from =
        Key.of("from", Values.choice(List.of(From.values())))
            .defaults("start")
            .about("Where a file that was never seen is read from.");
    return new Section<>(
        "Follows files through rotation and truncation.",
        List.of(paths, TOPIC, multiline, from),
        bound ->
            new FileInput(
                bound.get(paths), bound.get(TOPIC), bound.get(multiline), bound.get(from)));
  }

  private static Section<StdinInput> stdin() {
    return new Section<>(
        "Reads the lines of standard input.",
        List.of(TOPIC),
        bound -> new StdinInput(bound.get(TOPIC)));
  }

  private static Section<HttpInput> http() {
    Key<HostPort> listen =
        Key.of("listen", AddressValues.hostPort())
            .example("127.0.0.1:4761")
            .about("Where bodies are posted to.");
    Key<ByteSize> maxBody =
        Key.of("maxBody", Values.size("1KiB", "64MiB"))
            .defaults("4MiB")
            .about("The largest body that is accepted.");
    return new Section<>(
        "Takes ndjson, json or raw bodies and answers once they are durable.",
        List.of(listen, TOPIC, maxBody),
        bound -> new HttpInput(bound.get(listen), bound.get(TOPIC), bound.get(maxBody)));
  }
}
