package dev.weir.cli;

import dev.weir.base.WeirException;
import dev.weir.config.LoadResult;
import dev.weir.config.ReloadPlan;
import dev.weir.config.schema.Setting;
import dev.weir.node.ServerNode;
import java.util.List;
import java.util.function.Supplier;

/// Takes a changed configuration: read, checked, compared with what is in force, applied as far as
/// a running node can, and told. Whatever goes wrong leaves the node as it is.
///
/// Owned by one thread after [#inForce].
final class Reload implements Runnable {
  private final ServerNode node;
  private final Supplier<LoadResult.Loaded> loader;
  private final Terminal terminal;
  private volatile List<Setting> inForce = List.of();

  /// @param loader throws [ConfigurationRefused] after printing every mistake
  Reload(ServerNode node, Supplier<LoadResult.Loaded> loader, Terminal terminal) {
    this.node = node;
    this.loader = loader;
    this.terminal = terminal;
  }

  /// What the node runs with.
  void inForce(LoadResult.Loaded loaded) {
    inForce = loaded.settings();
  }

  @Override
  public void run() {
    try {
      take(loader.get());
    } catch (ConfigurationRefused _) {
      terminal.say("weir: the node goes on with the configuration that it has.");
    } catch (WeirException e) {
      terminal.say("weir: " + e.explanation());
    }
  }

  private void take(LoadResult.Loaded loaded) {
    ReloadPlan plan = ReloadPlan.between(inForce, loaded.settings());
    String more = node.reconfigure(loaded.config());
    LogSettings.apply(loaded, terminal);
    inForce = ReloadPlan.taken(inForce, loaded.settings());
    if (!plan.isEmpty() || !more.isEmpty()) {
      terminal.say("configuration read again" + (more.isEmpty() ? "" : ": " + more));
    }
    if (!plan.isEmpty()) {
      terminal.err().print(plan);
    }
  }
}
