package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.SystemInput.ExecInput;
import dev.weir.config.SystemInput.HostInput;
import dev.weir.config.SystemInput.JournaldInput;
import dev.weir.config.SystemInput.RelpInput;
import dev.weir.config.SystemInput.StatsdInput;
import dev.weir.config.SystemInput.SyslogInput;
import dev.weir.config.SystemInput.TlsFiles;
import dev.weir.config.schema.KeyPath;
import java.util.List;

/// What the settings of one such input mean together.
final class SystemInputCheck {
  private SystemInputCheck() {}

  /// @param at the input's place in the list
  static void check(SystemInput input, KeyPath at, Places places) {
    switch (input) {
      case SyslogInput syslog -> {
        requireBoth(syslog.tlsFiles(), at, places);
        requireStreams(syslog, at, places);
      }
      case RelpInput relp -> requireBoth(relp.tlsFiles(), at, places);
      case StatsdInput _, HostInput _, ExecInput _, JournaldInput _ -> {}
    }
  }

  private static void requireBoth(TlsFiles files, KeyPath at, Places places) {
    if (!files.isEmpty() && files.complete().isEmpty()) {
      KeyPath missing =
          at.child("tls").child(files.certificate().isEmpty() ? "certificate" : "key");
      places.error(
          ErrorCode.CONFIG_MISSING_KEY,
          List.of(at.child("tls"), at, Semantics.INPUTS),
          missing + " is missing, TLS needs a certificate and its key",
          "add it, or remove the other files");
    }
  }

  private static void requireStreams(SyslogInput syslog, KeyPath at, Places places) {
    if (syslog.tls().isPresent() && syslog.protocol() != SystemInput.Protocol.TCP) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(at.child("protocol"), at, Semantics.INPUTS),
          at + " has a certificate and takes datagrams, which go around TLS",
          "write protocol: tcp, and give datagrams an input of their own");
    }
  }
}
