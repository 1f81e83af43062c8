package dev.weir.lab;

import dev.weir.base.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A path between two network namespaces: each has one end of a pair of TUN devices, and this
/// process carries the packets between them, one thread per direction. Real TCP on both sides, with
/// the kernel's congestion control over a real bottleneck.
///
/// ```
///   namespace weir-PID-N-near             this process             namespace weir-PID-N-far
///   programs ─ 10.231.0.1 ─ TUN ═══ weir-lab-out, a Line  ═══▶ TUN ─ 10.231.0.2 ─ programs
///                               ◀══ weir-lab-back, a Line ═══
/// ```
///
/// Any thread may use it. It is taken down by [#close], at the end of the JVM, or, after a kill, by
/// the next lab.
public final class TunLab implements Lab {
  private static final Map<Side, String> ADDRESSES =
      Map.of(Side.NEAR, "10.231.0.1", Side.FAR, "10.231.0.2");

  /// The kernel's own default, whatever this machine's is: BBR for one lets the path run empty for
  /// 200 ms every ten seconds, which is 4 % of a short run.
  private static final String CONGESTION_CONTROL = "cubic";

  /// A window over 200 ms at 400 Mbit/s is 10 MB; the kernel's limits of 4 and 6 MB would hide the
  /// path behind them.
  private static final String SOCKET_BYTES = "4096 262144 33554432";

  private final Namespaces namespaces;
  private final PathSettings settings;
  private final Map<Side, TunDevice> devices = new EnumMap<>(Side.class);
  private final Map<Way, LineDuty> duties = new EnumMap<>(Way.class);
  private final Thread guard = new Thread(this::takeDown, "weir-lab-guard");
  private boolean isClosed;

  private TunLab(Namespaces namespaces, PathSettings settings) {
    this.namespaces = namespaces;
    this.settings = settings;
  }

  /// Makes the namespaces and begins to carry.
  ///
  /// @param random draws losses and reorderings
  /// @throws IOException without root, TUN or iproute2
  public static TunLab open(PathSettings settings, Clock clock, RandomGenerator random)
      throws IOException {
    TunLab lab = new TunLab(Namespaces.create(), settings);
    Runtime.getRuntime().addShutdownHook(lab.guard);
    try {
      for (Side side : Side.values()) {
        lab.lay(side);
      }
      lab.carry(clock, random);
      return lab;
    } catch (IOException e) {
      lab.close();
      throw e;
    }
  }

  private void lay(Side side) throws IOException {
    String end = side == Side.NEAR ? "n" : "f";
    String name = "w" + ProcessHandle.current().pid() + end + namespaces.number();
    TunDevice device = TunDevice.open(name);
    devices.put(side, device);
    Tool.run("ip", "link", "set", name, "netns", namespaces.name(side));
    namespaces.ip(side, "address", "add", ADDRESSES.get(side) + "/30", "dev", name);
    String mtu = Integer.toString(settings.mtu());
    namespaces.ip(side, "link", "set", name, "mtu", mtu, "txqueuelen", "2000", "up");
    namespaces.sysctl(side, "net/ipv4/tcp_rmem", SOCKET_BYTES);
    namespaces.sysctl(side, "net/ipv4/tcp_wmem", SOCKET_BYTES);
    namespaces.sysctl(side, "net/ipv4/tcp_congestion_control", CONGESTION_CONTROL);
  }

  private void carry(Clock clock, RandomGenerator random) {
    for (Way way : Way.values()) {
      TunDevice source = device(way == Way.OUT ? Side.NEAR : Side.FAR);
      TunDevice sink = device(way == Way.OUT ? Side.FAR : Side.NEAR);
      RandomGenerator own = new SplittableRandom(random.nextLong());
      LineDuty duty = new LineDuty(way, source, sink, settings.mtu(), settings.line(), own, clock);
      duties.put(way, duty);
      duty.start();
    }
  }

  private TunDevice device(Side side) {
    @Nullable TunDevice device = devices.get(side);
    if (device == null) {
      throw new IllegalStateException("the lab has no device on its side " + side);
    }
    return device;
  }

  private LineDuty duty(Way way) {
    @Nullable LineDuty duty = duties.get(way);
    if (duty == null) {
      throw new IllegalStateException("the lab does not carry " + way);
    }
    return duty;
  }

  @Override
  public boolean isNetwork() {
    return true;
  }

  @Override
  public String description() {
    return "TUN pair between two network namespaces, MTU "
        + settings.mtu()
        + ", TCP "
        + CONGESTION_CONTROL;
  }

  @Override
  public List<String> command(Side side, List<String> words) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespaces.name(side)));
    command.addAll(words);
    return command;
  }

  @Override
  public String host() {
    return address(Side.FAR);
  }

  /// The address of a side's end of the path.
  public String address(Side side) {
    return ADDRESSES.getOrDefault(side, "");
  }

  /// The namespace of a side, as iproute2 knows it.
  public String namespace(Side side) {
    return namespaces.name(side);
  }

  @Override
  public InetSocketAddress dial(InetSocketAddress server) {
    return server;
  }

  @Override
  public <T> T within(Side side, Callable<T> task) throws IOException {
    return namespaces.within(side, task);
  }

  @Override
  public void change(Way way, LineSettings newSettings) {
    duty(way).change(newSettings);
  }

  @Override
  public LineTotals totals(Way way) {
    return duty(way).totals();
  }

  private synchronized void takeDown() {
    if (!isClosed) {
      isClosed = true;
      duties.values().forEach(LineDuty::close);
      devices.values().forEach(TunDevice::close);
      namespaces.close();
    }
  }

  @Override
  public void close() {
    takeDown();
    try {
      Runtime.getRuntime().removeShutdownHook(guard);
    } catch (IllegalStateException _) {
      // The JVM is ending: the guard has done it.
    }
  }
}
