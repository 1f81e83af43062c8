package dev.weir.bench;

import java.util.List;

/// Lines of cells, aligned for a terminal.
public final class TextTable {
  private static final String GAP = "  ";

  private TextTable() {}

  /// @param lines the first is the head; all have as many cells
  /// @param leftColumns how many columns from the left hold words; those behind hold figures
  public static String of(List<List<String>> lines, int leftColumns) {
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int column = 0; column < line.size(); column++) {
        int index = column;
        int width = lines.stream().mapToInt(l -> l.get(index).length()).max().orElse(0);
        String cell = line.get(column);
        String fill = " ".repeat(width - cell.length());
        text.append(column < leftColumns ? cell + fill : fill + cell).append(GAP);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
