package dev.weir.cli;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.config.HostPort;
import dev.weir.kv.BlockingKv;
import dev.weir.kv.KvClient;
import dev.weir.tls.PemFiles;
import dev.weir.wire.Transport;
import dev.weir.wire.WireConnector;
import dev.weir.wire.WireContext;
import dev.weir.wire.WireLoops;
import dev.weir.wire.WireSecurity;
import dev.weir.wire.WireTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import picocli.CommandLine.Mixin;

/// Where the buckets are, and who asks.
final class KvOptions {
  private static final int DEFAULT_PORT = 4750;

  @Mixin ServerOptions server;

  KvOptions(Terminal terminal) {
    this.server = new ServerOptions(terminal);
  }

  /// A client and the loop that it runs on.
  record Session(KvClient client, WireLoops loops) implements AutoCloseable {
    BlockingKv blocking() {
      return new BlockingKv(client);
    }

    @Override
    public void close() {
      client.close();
      loops.close();
    }
  }

  /// @throws WeirException USAGE for an address that is none, CONFIG_ENVIRONMENT for a file that
  ///   cannot be used
  /// @throws IOException when the token cannot be read
  Session open() throws IOException {
    URI url = server.servers().getFirst();
    WireSecurity security = security(url);
    WireLoops loops = WireLoops.start("cli", 1, Transport.best());
    WireContext context = WireContext.of("weir-cli").with(security);
    InetSocketAddress address = address(url);
    return new Session(
        new KvClient(new WireConnector(loops, context), address, server.timeout), loops);
  }

  private static InetSocketAddress address(URI url) {
    String text = String.valueOf(url.getRawAuthority());
    String whole = url.getPort() < 0 ? text + ":" + DEFAULT_PORT : text;
    HostPort at = HostPort.parse(whole).orElseThrow(() -> invalid(url));
    return InetSocketAddress.createUnresolved(at.host(), at.port());
  }

  private WireSecurity security(URI url) throws IOException {
    WireSecurity security =
        switch (String.valueOf(url.getScheme())) {
          case "weir", "wire" -> WireSecurity.NONE;
          case "weirs", "wires" ->
              WireSecurity.NONE.with(
                  WireTls.client(server.pemFiles().orElse(new PemFiles(null, null, null))));
          default -> throw invalid(url);
        };
    return server.token().map(token -> security.withToken(() -> token)).orElse(security);
  }

  private static WeirException invalid(URI url) {
    return new WeirException(
        ErrorCode.USAGE, "--server is '" + url + "', expected weir://HOST:PORT or weirs://….");
  }
}
