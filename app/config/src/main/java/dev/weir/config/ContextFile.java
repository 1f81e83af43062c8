package dev.weir.config;

import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.MistakeList;
import dev.weir.config.mistake.Source;
import dev.weir.config.schema.Binder;
import dev.weir.config.schema.Key;
import dev.weir.config.schema.Shape.ListOf;
import dev.weir.config.schema.Shape.Section;
import dev.weir.config.schema.Values;
import dev.weir.config.yaml.Document;
import dev.weir.config.yaml.TextFile;
import dev.weir.config.yaml.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads and writes the file of a context, as strictly as the configuration of a node.
public final class ContextFile {
  private static final Key<List<CoreAddress>> SERVERS =
      Key.of("servers", new ListOf<>(AddressValues.coreAddress(), 1))
          .example("weir://127.0.0.1:4750");
  private static final Key<Optional<Path>> AUTHORITY = file("tlsCa");
  private static final Key<Optional<Path>> CERTIFICATE = file("tlsCert");
  private static final Key<Optional<Path>> PRIVATE_KEY = file("tlsKey");
  private static final Key<Optional<Path>> TOKEN = file("tokenFile");

  private static final Section<ContextSettings> SECTION =
      new Section<>(
          "A core as one person reaches it.",
          List.of(SERVERS, AUTHORITY, CERTIFICATE, PRIVATE_KEY, TOKEN),
          bound ->
              new ContextSettings(
                  bound.get(SERVERS),
                  bound.get(AUTHORITY),
                  bound.get(CERTIFICATE),
                  bound.get(PRIVATE_KEY),
                  bound.get(TOKEN)));

  private ContextFile() {}

  private static Key<Optional<Path>> file(String name) {
    return Key.of(name, WireSection.optionalFile()).defaults(Values.NONE);
  }

  /// What came of reading one.
  public sealed interface Result {
    /// A context to use.
    record Read(ContextSettings settings) implements Result {}

    /// Everything that is wrong with it, sorted by place.
    record Refused(List<Mistake> mistakes) implements Result {}
  }

  public static Result read(Path file) {
    MistakeList mistakes = new MistakeList();
    Optional<Source> source = TextFile.read(file, mistakes);
    if (source.isEmpty()) {
      return new Result.Refused(mistakes.sorted());
    }
    Document document = YamlReader.read(source.get(), mistakes);
    Binder binder = new Binder(SECTION, Map.of(), mistakes, document.isWhole());
    ContextSettings settings = binder.bindRoot(SECTION, document.root());
    return mistakes.hasErrors() ? new Result.Refused(mistakes.sorted()) : new Result.Read(settings);
  }

  /// The text of a context's file; [#read] reads it back.
  public static String text(ContextSettings settings) {
    StringBuilder out = new StringBuilder("servers:\n");
    settings.servers().forEach(server -> out.append("  - ").append(quoted(server)).append('\n'));
    line(out, AUTHORITY, settings.authority());
    line(out, CERTIFICATE, settings.certificate());
    line(out, PRIVATE_KEY, settings.key());
    line(out, TOKEN, settings.tokenFile());
    return out.toString();
  }

  private static void line(StringBuilder out, Key<?> key, Optional<Path> value) {
    value.ifPresent(path -> out.append(key.name()).append(": ").append(quoted(path)).append('\n'));
  }

  /// Within single quotes YAML knows no escape but the doubled quote.
  private static String quoted(Object value) {
    return "'" + value.toString().replace("'", "''") + "'";
  }
}
