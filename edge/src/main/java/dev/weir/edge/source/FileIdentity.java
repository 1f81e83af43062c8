package dev.weir.edge.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;

/// What stays the same when a file is renamed.
///
/// @param device the file system's number
/// @param inode the file's number in it; used again once a file is gone, hence the fingerprint in
///   [FilePosition]
record FileIdentity(long device, long inode) {

  /// The identity of the file that a path leads to, through links.
  static FileIdentity of(Path path) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
      return new FileIdentity(number(attributes, "dev"), number(attributes, "ino"));
    }
    // Other systems name a file by an opaque key, or only by its path.
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    Object identity = key != null ? key : path.toRealPath().toString();
    return new FileIdentity(0, identity.toString().hashCode());
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) Objects.requireNonNull(attributes.get(name))).longValue();
  }

  /// For use in a position's key.
  String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(device) + "-" + hex.toHexDigits(inode);
  }
}
