package dev.weir.config;

import dev.weir.base.ByteSize;
import dev.weir.config.InputConfig.From;
import dev.weir.config.SystemInput.ExecInput;
import dev.weir.config.SystemInput.HostInput;
import dev.weir.config.SystemInput.JournaldInput;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Reading;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Shape.Value;
import dev.weir.config.schema.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The kinds of `edge.inputs` that read the machine which the edge runs on.
final class LocalInputs {
  private LocalInputs() {}

  static Map<String, Section<? extends InputConfig>> cases() {
    Map<String, Section<? extends InputConfig>> cases = new LinkedHashMap<>();
    cases.put("host", host());
    cases.put("exec", exec());
    cases.put("journald", journald());
    return cases;
  }

  private static Section<HostInput> host() {
    Key<Duration> interval =
        Key.of("interval", Values.duration("1s", "1h"))
            .defaults("10s")
            .about("From one reading to the next.");
    return new Section<>(
        "Reads the machine's CPU, memory, load, disks, file systems and network.",
        List.of(InputSection.TOPIC, interval),
        bound -> new HostInput(bound.get(InputSection.TOPIC), bound.get(interval)));
  }

  private static Section<ExecInput> exec() {
    Key<List<String>> command =
        Key.of("command", new ListOf<>(word(), 1))
            .example("vmstat")
            .about("The program and its arguments; no shell is between.");
    Key<Optional<Duration>> interval =
        Key.of("interval", Values.optional(Values.duration("1s", "24h")))
            .defaults(Values.NONE)
            .about("From start to start; none for one that goes on and is restarted.");
    Key<ByteSize> maxOutput =
        Key.of("maxOutput", Values.size("1KiB", "1TiB"))
            .defaults("16MiB")
            .about("What one run at an interval may print before it is ended.");
    return new Section<>(
        "Runs a command and reads the lines that it prints.",
        List.of(command, InputSection.TOPIC, interval, maxOutput),
        bound ->
            new ExecInput(
                bound.get(command),
                bound.get(InputSection.TOPIC),
                bound.get(interval),
                bound.get(maxOutput)));
  }

  private static Section<JournaldInput> journald() {
    Key<List<String>> matches =
        Key.of("matches", new ListOf<>(match(), 0))
            .example("_SYSTEMD_UNIT=ssh.service")
            .about("What entries must have, as journalctl takes it; none takes all.");
    Key<Optional<Path>> directory =
        Key.of("directory", Values.optional(AddressValues.file()))
            .defaults(Values.NONE)
            .about("Where the journal is; none for the system's own.");
    Key<From> from =
        Key.of("from", Values.choice(List.of(From.values())))
            .defaults("start")
            .about("Where reading begins at the very first start.");
    return new Section<>(
        "Reads the system's journal through journalctl, each entry once.",
        List.of(matches, InputSection.TOPIC, directory, from),
        bound ->
            new JournaldInput(
                bound.get(matches),
                bound.get(InputSection.TOPIC),
                bound.get(directory),
                bound.get(from)));
  }

  private static Value<String> word() {
    return Values.custom(
        "text",
        "",
        (text, _) ->
            text.indexOf('\0') >= 0
                ? Reading.wrongType("a word without a zero", "write a word of the command")
                : Reading.of(text),
        text -> text);
  }

  private static Value<String> match() {
    return Values.custom(
        "match",
        "FIELD=value",
        (text, _) ->
            text.matches("[A-Z0-9_]{1,64}=.*")
                ? Reading.of(text)
                : Reading.wrongType(
                    "FIELD=value", "write a match such as _SYSTEMD_UNIT=ssh.service"),
        text -> text);
  }
}
