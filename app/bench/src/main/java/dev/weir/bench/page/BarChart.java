package dev.weir.bench.page;

import java.util.List;
import java.util.Locale;

/// Horizontal bars as inline SVG, in the colours of the page around them.
///
/// @param bars from top to bottom
public record BarChart(List<Bar> bars) {
  private static final int WIDTH = 720;
  private static final int LABEL_WIDTH = 190;
  private static final int VALUE_WIDTH = 150;
  private static final int ROW = 26;

  /// @param label to the left
  /// @param value decides the length
  /// @param text to the right
  /// @param kind a class of the page's style: `ours` or `theirs`
  public record Bar(String label, double value, String text, String kind) {}

  public BarChart {
    bars = List.copyOf(bars);
  }

  public String svg(String title) {
    double largest = bars.stream().mapToDouble(Bar::value).max().orElse(1);
    double scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / Math.max(largest, 1e-9);
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            WIDTH,
            bars.size() * ROW,
            Html.escaped(title)));
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      int y = i * ROW;
      double length = Math.max(1, bar.value() * scale);
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                  + "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>"
                  + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
              LABEL_WIDTH - 8,
              y + 17,
              Html.escaped(bar.label()),
              bar.kind(),
              LABEL_WIDTH,
              y + 4,
              length,
              ROW - 8,
              LABEL_WIDTH + length + 8,
              y + 17,
              Html.escaped(bar.text())));
    }
    return svg.append("</svg>\n").toString();
  }
}
