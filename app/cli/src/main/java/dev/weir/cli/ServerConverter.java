package dev.weir.cli;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `weir://HOST:PORT`; empty for none.
final class ServerConverter implements ITypeConverter<URI> {
  @Override
  public URI convert(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException _) {
      throw new TypeConversionException(
          "'" + text + "' is no address, expected weir://HOST:PORT, or weirs://HOST:PORT for TLS");
    }
  }
}
