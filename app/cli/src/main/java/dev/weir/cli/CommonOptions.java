package dev.weir.cli;

import picocli.CommandLine.Option;

/// The options that every command takes.
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean isHelp;

  @Option(names = "--json", description = "Print JSON, one object a line for lists and streams.")
  boolean isJson;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing for a person.")
  boolean isQuiet;

  @Option(names = "--verbose", description = "Print details, and stack traces of failures.")
  boolean isVerbose;
}
