package dev.weir.edge.source;

/// What a source meets in its input that it cannot take as it is. Each is counted for each source.
public enum SourceFault {
  /// Not in the source's format. Where the bytes are of use to a person they are kept as they are.
  MALFORMED("malformed"),
  /// Larger than the limit: split where the format allows it, else refused.
  OVERSIZE("oversize"),
  /// Datagrams that the kernel dropped, because its buffer was full while the source was waiting.
  KERNEL_DROP("kernelDrop"),
  /// Connections closed at once, because as many as allowed were open.
  CONNECTION_LIMIT("connectionLimit"),
  /// Connections that came to an end in the middle of a message, or failed.
  CONNECTION_FAILED("connectionFailed"),
  /// Samples of more metric series than are kept.
  SERIES_LIMIT("seriesLimit"),
  /// Runs of a command that failed, did not end in time or printed too much.
  COMMAND_FAILED("commandFailed"),
  /// Lines that a command wrote to its standard error.
  ERROR_LINE("errorLine"),
  /// Readings of the system that could not be had.
  UNREADABLE("unreadable");

  private final String label;

  SourceFault(String label) {
    this.label = label;
  }

  /// How it is named in metrics.
  public String label() {
    return label;
  }
}
