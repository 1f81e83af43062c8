package dev.weir.config;

import dev.weir.config.mistake.Quote;
import dev.weir.config.mistake.Source;
import dev.weir.config.schema.Setting;
import java.util.List;

/// Prints effective values; secrets are already masked in the settings.
public final class ConfigShow {
  private ConfigShow() {}

  /// `server.listen = 127.0.0.1:4750` per line, with the origin behind when asked for.
  public static String human(List<Setting> settings, boolean isOriginShown) {
    int width =
        settings.stream()
            .mapToInt(setting -> line(setting).length())
            .filter(w -> w < 60)
            .max()
            .orElse(0);
    StringBuilder out = new StringBuilder();
    for (Setting setting : settings) {
      String line = line(setting);
      out.append(line);
      if (isOriginShown) {
        out.append(" ".repeat(Math.max(0, width - line.length()))).append("  # ");
        out.append(origin(setting));
      }
      out.append('\n');
    }
    return out.toString();
  }

  /// An array of {path, value, origin, source, line, column, change}.
  public static String json(List<Setting> settings) {
    StringBuilder out = new StringBuilder("[");
    String separator = "\n";
    for (Setting setting : settings) {
      out.append(separator)
          .append("  {\"path\":")
          .append(Quote.json(setting.path().toString()))
          .append(",\"value\":")
          .append(Quote.json(setting.text()))
          .append(",\"origin\":")
          .append(Quote.json(kind(setting)))
          .append(",\"source\":")
          .append(Quote.json(setting.span().source().name()))
          .append(",\"line\":")
          .append(setting.span().line())
          .append(",\"column\":")
          .append(setting.span().column())
          .append(",\"change\":")
          .append(Quote.json(setting.change().label()))
          .append('}');
      separator = ",\n";
    }
    return out.append(settings.isEmpty() ? "]\n" : "\n]\n").toString();
  }

  private static String line(Setting setting) {
    return setting.path() + " = " + setting.text();
  }

  private static String origin(Setting setting) {
    return switch (setting.span().source().kind()) {
      case DEFAULT -> "default";
      case FILE -> setting.span().place();
      case ENVIRONMENT, FLAG -> setting.span().source().name();
    };
  }

  private static String kind(Setting setting) {
    return switch (setting.span().source().kind()) {
      case Source.Kind.DEFAULT -> "default";
      case Source.Kind.FILE -> "file";
      case Source.Kind.ENVIRONMENT -> "environment";
      case Source.Kind.FLAG -> "flag";
    };
  }
}
