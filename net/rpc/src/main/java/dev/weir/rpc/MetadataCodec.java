package dev.weir.rpc;

import dev.weir.base.Bytes;
import dev.weir.wire.Metadata.Entry;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// gRPC's metadata to the wire's and back: the same names, text as UTF-8, binary values as they
/// are.
final class MetadataCodec {
  static final Metadata.Key<String> ENCODING = text("grpc-encoding");
  static final Metadata.Key<String> ACCEPT_ENCODING = text("grpc-accept-encoding");
  static final Metadata.Key<String> TIMEOUT = text("grpc-timeout");

  /// The transport's own: what a caller put there under these names is left out.
  private static final Set<String> RESERVED =
      Set.of("grpc-encoding", "grpc-accept-encoding", "grpc-timeout", "content-length", "te");

  /// Who is called: a name that gRPC's own metadata cannot have.
  static final String AUTHORITY = ":authority";

  private MetadataCodec() {}

  private static Metadata.Key<String> text(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when it is too large
  static dev.weir.wire.Metadata toWire(Metadata metadata) {
    Set<String> names = metadata.keys();
    return names.isEmpty() ? dev.weir.wire.Metadata.EMPTY : wire(entries(metadata, names));
  }

  /// What a server says before its first message: the encoding is its own word there.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when it is too large
  static dev.weir.wire.Metadata answer(Metadata headers) {
    List<Entry> entries = entries(headers, headers.keys());
    String encoding = headers.get(ENCODING);
    if (encoding != null) {
      entries.add(new Entry(ENCODING.name(), Bytes.utf8(encoding)));
    }
    return wire(entries);
  }

  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when it is too large
  static dev.weir.wire.Metadata wire(List<Entry> entries) {
    try {
      return new dev.weir.wire.Metadata(entries);
    } catch (IllegalArgumentException e) {
      throw tooLarge(e);
    }
  }

  /// Refuses what does not fit one body.
  static void checkTogether(dev.weir.wire.Metadata headers, dev.weir.wire.Metadata trailers) {
    int bytes = headers.encodedBytes() + trailers.encodedBytes();
    if (bytes > dev.weir.wire.Metadata.MAX_BYTES) {
      throw tooLarge(new IllegalArgumentException(bytes + " bytes of headers and trailers"));
    }
  }

  private static RuntimeException tooLarge(IllegalArgumentException cause) {
    return Status.RESOURCE_EXHAUSTED
        .withDescription("The metadata is too large: " + cause.getMessage())
        .withCause(cause)
        .asRuntimeException();
  }

  /// The entries of a caller's metadata, without those that are the transport's.
  static List<Entry> entries(Metadata metadata, Set<String> names) {
    List<Entry> entries = new ArrayList<>(names.size() + 4);
    try {
      for (String name : names) {
        if (RESERVED.contains(name)) {
          continue;
        }
        add(entries, metadata, name);
      }
    } catch (IllegalArgumentException e) {
      throw tooLarge(e);
    }
    return entries;
  }

  private static void add(List<Entry> entries, Metadata metadata, String name) {
    if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      Iterable<byte[]> values =
          metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
      for (byte[] value : values == null ? List.<byte[]>of() : values) {
        entries.add(new Entry(name, Bytes.wrap(value)));
      }
    } else {
      Iterable<String> values = metadata.getAll(text(name));
      for (String value : values == null ? List.<String>of() : values) {
        entries.add(new Entry(name, Bytes.utf8(value)));
      }
    }
  }

  static Metadata fromWire(dev.weir.wire.Metadata wire) {
    Metadata metadata = new Metadata();
    addAll(metadata, wire);
    return metadata;
  }

  /// Adds entries from the wire; those whose names gRPC does not allow are left out.
  static void addAll(Metadata metadata, dev.weir.wire.Metadata wire) {
    for (Entry entry : wire.entries()) {
      String name = entry.name();
      if (!isName(name)) {
        continue;
      }
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        metadata.put(
            Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), entry.value().toArray());
      } else {
        metadata.put(text(name), entry.value().utf8());
      }
    }
  }

  /// Whether gRPC takes a name: digits, small letters and `-_.`.
  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isAllowed =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      if (!isAllowed) {
        return false;
      }
    }
    return !name.equals(Metadata.BINARY_HEADER_SUFFIX);
  }
}
