package dev.weir.bench.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One self-contained page: a title, sections, and what must be known to repeat it.
public final class Page {
  private final StringBuilder html = new StringBuilder();

  /// @param title also the window's
  /// @param about a sentence or two below it
  public Page(String title, String about) {
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    html.append(Html.escaped(title)).append("</title>\n<style>\n").append(Html.STYLE);
    html.append("</style></head><body>\n<h1>").append(Html.escaped(title)).append("</h1>\n");
    html.append(paragraph(about));
  }

  /// @param pieces charts and tables, as HTML
  public Page section(String title, String about, String... pieces) {
    html.append("<h2>").append(Html.escaped(title)).append("</h2>\n").append(paragraph(about));
    for (String piece : pieces) {
      html.append(piece);
    }
    return this;
  }

  /// The whole page; `env` stands last, as a table.
  public String finish(Map<String, String> env) {
    List<List<String>> rows = new ArrayList<>();
    env.forEach((name, value) -> rows.add(List.of(name, value)));
    return html
        + "<h2>Conditions</h2>\n"
        + Html.table(List.of("what", "value"), rows)
        + "</body></html>\n";
  }

  private static String paragraph(String text) {
    return "<p class=\"about\">" + Html.escaped(text) + "</p>\n";
  }
}
