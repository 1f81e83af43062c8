package dev.weir.edge.source.otlp;

import dev.weir.message.Compression;
import io.grpc.Decompressor;
import java.io.IOException;
import java.io.InputStream;

/// Reads gRPC messages of encoding `zstd`, which the OpenTelemetry Collector's exporters offer
/// beside gzip. The server bounds what it takes of the stream.
final class ZstdDecompressor implements Decompressor {
  @Override
  public String getMessageEncoding() {
    return "zstd";
  }

  @Override
  public InputStream decompress(InputStream packed) throws IOException {
    return Compression.zstdStream(packed);
  }
}
