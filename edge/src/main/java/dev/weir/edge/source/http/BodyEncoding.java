package dev.weir.edge.source.http;

import dev.weir.message.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// How a body comes over the wire: one value of `Content-Encoding`.
///
/// @param name as the header writes it
/// @param opener the stream of what was encoded; the reader bounds how much it takes of it
public record BodyEncoding(String name, Opener opener) {
  public static final BodyEncoding IDENTITY = new BodyEncoding("identity", raw -> raw);
  public static final BodyEncoding GZIP = new BodyEncoding("gzip", GZIPInputStream::new);
  public static final BodyEncoding ZSTD = new BodyEncoding("zstd", Compression::zstdStream);

  /// Makes a stream of another.
  @FunctionalInterface
  public interface Opener {
    InputStream open(InputStream raw) throws IOException;
  }
}
