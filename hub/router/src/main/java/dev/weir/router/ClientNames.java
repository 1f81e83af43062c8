package dev.weir.router;

import dev.weir.base.Bytes;
import dev.weir.wire.Metadata;
import dev.weir.wire.OpenRequest;
import dev.weir.wire.WireConnection;
import java.util.ArrayList;
import java.util.List;

/// What a router tells storage nodes of its clients: in the metadata of each stream that it opens
/// for one, so that no client becomes the router. What a client itself writes there is taken out.
@FunctionalInterface
public interface ClientNames {
  /// The metadata's name. An empty value says that the router does not know its clients.
  String METADATA = "weir-client";

  /// Nobody is known.
  ClientNames NONE = _ -> Bytes.EMPTY;

  /// Who a client is, in words that storage nodes understand. On the connection's event loop.
  Bytes of(WireConnection client);

  /// A client's request as it goes to a storage node.
  default OpenRequest named(WireConnection client, OpenRequest request) {
    List<Metadata.Entry> entries = new ArrayList<>();
    for (Metadata.Entry entry : request.metadata().entries()) {
      if (!entry.name().equals(METADATA)) {
        entries.add(entry);
      }
    }
    entries.add(new Metadata.Entry(METADATA, of(client)));
    return request.with(new Metadata(entries));
  }
}
