package dev.weir.cli;

/// The configuration is not valid and every mistake has been printed: the process ends with 78.
final class ConfigurationRefused extends RuntimeException {
  ConfigurationRefused() {
    super("the configuration is not valid");
  }
}
