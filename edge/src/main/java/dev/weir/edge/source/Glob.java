package dev.weir.edge.source;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.SortedSet;

/// Finds the regular files that a pattern names.
final class Glob {
  /// Directories below the fixed part of a pattern with `**`; bounds a walk through a link loop.
  private static final int MAX_DEPTH = 16;

  private final Path root;
  private final PathMatcher matcher;
  private final int depth;

  Glob(FileSystem fileSystem, String pattern) {
    Path absolute = fileSystem.getPath("").toAbsolutePath();
    String full = pattern.startsWith("/") ? pattern : absolute + "/" + pattern;
    int wildcard = firstWildcard(full);
    int rootEnd = wildcard < 0 ? full.length() : Math.max(1, full.lastIndexOf('/', wildcard));
    this.root = fileSystem.getPath(full.substring(0, rootEnd)).normalize();
    String rest = full.substring(rootEnd);
    this.matcher = fileSystem.getPathMatcher("glob:" + escape(root.toString()) + rest);
    int levels = (int) rest.chars().filter(c -> c == '/').count();
    this.depth = wildcard < 0 ? 0 : rest.contains("**") ? MAX_DEPTH : Math.max(1, levels);
  }

  /// Adds every file found now; what cannot be looked at is passed over.
  void collect(SortedSet<Path> found) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        depth,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && (depth == 0 || matcher.matches(file))) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException cause) {
            return FileVisitResult.CONTINUE; // Gone in between, not readable, or a loop of links.
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException cause) {
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static int firstWildcard(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?{[\\".indexOf(pattern.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static String escape(String literal) {
    return literal.replaceAll("([\\\\*?{}\\[\\]])", "\\\\$1");
  }
}
