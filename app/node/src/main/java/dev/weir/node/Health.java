package dev.weir.node;

import dev.weir.gateway.port.OpsAnswer;
import dev.weir.gateway.port.OpsRequest;
import java.util.List;
import java.util.function.Supplier;

/// Answers a health endpoint: 200 when every check holds, else 503; `?verbose` names them.
final class Health {
  private final Supplier<List<Check>> checks;

  Health(Supplier<List<Check>> checks) {
    this.checks = checks;
  }

  /// One named check.
  ///
  /// @param detail what was found, for people
  record Check(String name, boolean holds, String detail) {}

  OpsAnswer answer(OpsRequest request) {
    List<Check> found = checks.get();
    boolean isHealthy = found.stream().allMatch(Check::holds);
    StringBuilder text = new StringBuilder();
    if (request.isVerbose()) {
      for (Check check : found) {
        text.append(check.holds() ? "[+] " : "[-] ").append(check.name());
        text.append(": ").append(check.detail()).append('\n');
      }
    }
    text.append(isHealthy ? "ok\n" : "not ready\n");
    return OpsAnswer.text(isHealthy ? 200 : 503, text.toString());
  }
}
