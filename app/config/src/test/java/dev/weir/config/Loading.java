package dev.weir.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.mistake.Mistake;
import dev.weir.config.mistake.MistakePrinter;
import dev.weir.config.mistake.Source;
import dev.weir.config.mistake.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Loads texts in tests, under file names without the temporary directory.
final class Loading {
  private static final Map<String, String> HOME = Map.of("HOME", "/home/weir");

  private final Path directory;

  Loading(Path directory) {
    this.directory = directory;
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LoadResult load(String text) {
    return load(text, Map.of(), Map.of(), LoadScope.ANY);
  }

  LoadResult load(
      String text,
      Map<String, String> environment,
      Map<String, String> overrides,
      LoadScope scope) {
    Map<String, String> variables = new java.util.HashMap<>(HOME);
    variables.putAll(environment);
    return ConfigLoader.load(List.of(write("weir.yaml", text)), variables, overrides, scope);
  }

  WeirConfig accepted(String text) {
    return loaded(load(text)).config();
  }

  List<Mistake> refused(String text) {
    return mistakes(load(text));
  }

  static LoadResult.Loaded loaded(LoadResult result) {
    assertThat(result)
        .withFailMessage(
            () -> MistakePrinter.human(((LoadResult.Refused) result).mistakes(), false))
        .isInstanceOf(LoadResult.Loaded.class);
    return (LoadResult.Loaded) result;
  }

  static List<Mistake> mistakes(LoadResult result) {
    assertThat(result).isInstanceOf(LoadResult.Refused.class);
    return ((LoadResult.Refused) result).mistakes();
  }

  static WeirConfig defaults() {
    return loaded(ConfigLoader.load(List.of(), HOME, Map.of())).config();
  }

  /// `WEIR-1105 4:3 message -> fix`, for short comparisons.
  static List<String> brief(List<Mistake> mistakes) {
    return mistakes.stream()
        .map(mistake ->
            mistake.code().label()
                + " "
                + mistake.span().line()
                + ":"
                + mistake.span().column()
                + " "
                + mistake.message()
                + " -> "
                + mistake.fix())
        .toList();
  }

  /// The mistakes with file names instead of paths.
  List<Mistake> named(List<Mistake> mistakes) {
    return mistakes.stream().map(this::named).toList();
  }

  private Mistake named(Mistake mistake) {
    Span span = mistake.span();
    Source source = span.source();
    String name = source.name().replace(directory + "/", "");
    return new Mistake(
        mistake.code(),
        mistake.severity(),
        new Span(
            new Source(source.kind(), name, source.lines()),
            span.line(),
            span.column(),
            span.endLine(),
            span.endColumn()),
        mistake.pointer(),
        mistake.message().replace(directory + "/", ""),
        mistake.fix());
  }
}
