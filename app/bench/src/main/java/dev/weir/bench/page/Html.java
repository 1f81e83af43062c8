package dev.weir.bench.page;

import java.util.List;

/// Pieces of a page.
public final class Html {
  /// No script, no font, no picture from elsewhere; light or dark as the reader's system is.
  public static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1d2733; --paper: #fbfcfd; --line: #d5dce3;
        --soft: #5b6b7b; --ours: #0f7c8a; --theirs: #b9c4cf; }
      @media (prefers-color-scheme: dark) { :root { --ink: #e4eaf0; --paper: #12181f;
        --line: #2c3743; --soft: #93a3b3; --ours: #3fb6c6; --theirs: #495765; } }
      body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 60rem; margin: 2.5rem auto; padding: 0 1rem; }
      h1 { font-size: 1.7rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
      p.about { color: var(--soft); margin-top: 0; }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums;
        font-size: .9rem; } .wide { overflow-x: auto; }
      th, td { text-align: right; padding: .3rem .55rem; border-bottom: 1px solid var(--line);
        white-space: nowrap; } th:first-child, td:first-child { text-align: left; }
      svg { width: 100%; height: auto; } svg text { font: 12.5px system-ui, sans-serif;
        fill: var(--ink); } .ours { fill: var(--ours); } .theirs { fill: var(--theirs); }
      .bad { color: #c62f2f; font-weight: 600; } code { font-size: .85rem; }
      """;

  private Html() {}

  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /// A table; cells are escaped.
  public static String table(List<String> head, List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<div class=\"wide\"><table><thead><tr>");
    head.forEach(cell -> html.append("<th>").append(escaped(cell)).append("</th>"));
    html.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      row.forEach(cell -> html.append("<td>").append(escaped(cell)).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }
}
