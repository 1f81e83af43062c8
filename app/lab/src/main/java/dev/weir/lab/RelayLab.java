package dev.weir.lab;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;

/// The lab without root: a TCP relay over loopback with the path's rate and delay. Losses and
/// reorderings have no meaning on it and are passed over. One server is dialled through it.
///
/// Any thread may use it.
public final class RelayLab implements Lab {
  /// The discard port: nothing is dialled before [#dial].
  private static final InetSocketAddress NOWHERE =
      InetSocketAddress.createUnresolved("127.0.0.1", 9);

  private final TcpRelay relay;

  private RelayLab(TcpRelay relay) {
    this.relay = relay;
  }

  /// Begins to listen on a free port.
  public static RelayLab open(PathSettings settings, Clock clock) throws IOException {
    RelayLab lab = new RelayLab(new TcpRelay(NOWHERE, clock));
    lab.change(settings.line());
    return lab;
  }

  @Override
  public boolean isNetwork() {
    return false;
  }

  @Override
  public String description() {
    return "TCP relay over loopback (no root: no loss, no reordering, TCP split in two)";
  }

  @Override
  public List<String> command(Side side, List<String> words) {
    return List.copyOf(words);
  }

  @Override
  public <T> T within(Side side, Callable<T> task) throws IOException {
    try {
      return task.call();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("on the side " + side + ": " + e, e);
    }
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public InetSocketAddress dial(InetSocketAddress server) {
    relay.aim(server);
    return InetSocketAddress.createUnresolved("127.0.0.1", relay.port());
  }

  @Override
  public void change(Way way, LineSettings settings) {
    relay.shape(way, settings.bitsPerSecond(), settings.delay());
    if (settings.isStalled()) {
      relay.stall(way);
    } else {
      relay.flow(way);
    }
  }

  @Override
  public LineTotals totals(Way way) {
    return relay.totals(way);
  }

  @Override
  public void close() {
    relay.close();
  }
}
