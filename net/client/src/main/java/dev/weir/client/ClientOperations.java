package dev.weir.client;

import com.google.protobuf.ByteString;
import dev.weir.base.Bytes;
import dev.weir.proto.v1.Client;
import dev.weir.proto.v1.ClientEvent;
import dev.weir.proto.v1.ExplainClientRequest;
import dev.weir.proto.v1.ExplainMessageRequest;
import dev.weir.proto.v1.KickClientRequest;
import dev.weir.proto.v1.ListClientEventsRequest;
import dev.weir.proto.v1.ListClientsRequest;
import dev.weir.proto.v1.ListClientsResponse;
import dev.weir.proto.v1.MessagePlace;
import dev.weir.proto.v1.OperationsGrpc;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Who is connected to a core, and why something was or was not delivered, for operators: needs
/// `manage` on `$weir/stats` where the core knows users. Each call waits for the answer and throws
/// a [WeirException]. Any thread.
public final class ClientOperations {
  private final Supplier<OperationsGrpc.OperationsBlockingStub> stub;

  ClientOperations(Supplier<OperationsGrpc.OperationsBlockingStub> stub) {
    this.stub = stub;
  }

  /// A connection to the core.
  ///
  /// @param id of this core, until it ends
  /// @param protocol `grpc`, `http1` or `wire`
  /// @param certificate what the client's certificate calls it; empty without one
  /// @param sinceMicros microseconds since 1970
  public record Connected(
      long id,
      String address,
      String protocol,
      boolean isSecure,
      String certificate,
      long sinceMicros) {
    static Connected of(Client client) {
      return new Connected(
          client.getId(),
          client.getAddress(),
          client.getProtocol(),
          client.getIsSecure(),
          client.getCertificate(),
          client.getSinceMicros());
    }
  }

  /// What happened to a connection.
  ///
  /// @param atMicros microseconds since 1970
  /// @param kind `opened`, `closed` or `kicked`
  public record Happened(long atMicros, String kind, Connected client) {}

  /// The open connections, the oldest first.
  public List<Connected> list() {
    List<Connected> all = new ArrayList<>();
    ListClientsResponse page;
    long after = 0;
    do {
      ListClientsRequest request = ListClientsRequest.newBuilder().setAfter(after).build();
      page = asked(() -> stub.get().listClients(request));
      page.getClientsList().stream().map(Connected::of).forEach(all::add);
      after = all.isEmpty() ? 0 : all.getLast().id();
    } while (!page.getIsComplete() && page.getClientsCount() > 0);
    return List.copyOf(all);
  }

  /// Closes a connection, whatever is under way on it; its client may come again.
  ///
  /// @return false when there is none of this id
  public boolean kick(long id) {
    KickClientRequest request = KickClientRequest.newBuilder().setId(id).build();
    return asked(() -> stub.get().kickClient(request).getWasOpen());
  }

  /// What happened since, at most the last 1,000 events, the oldest first.
  ///
  /// @param afterMicros microseconds since 1970; 0 for all that are kept
  public List<Happened> events(long afterMicros) {
    ListClientEventsRequest request =
        ListClientEventsRequest.newBuilder().setAfterMicros(afterMicros).build();
    return asked(() -> stub.get().listClientEvents(request)).getEventsList().stream()
        .map(ClientOperations::happened)
        .toList();
  }

  static Happened happened(ClientEvent event) {
    return new Happened(
        event.getAtMicros(),
        event.getKind().name().replaceFirst(".*_", "").toLowerCase(Locale.ROOT),
        Connected.of(event.getClient()));
  }

  /// What a connection may do, has open, waits for and was refused.
  ///
  /// @throws dev.weir.base.WeirException with CLIENT_UNKNOWN when there is none of this id, and
  ///   none is remembered
  public ClientExplanation explain(long id) {
    ExplainClientRequest request = ExplainClientRequest.newBuilder().setId(id).build();
    return ExplanationWords.of(asked(() -> stub.get().explainClient(request)));
  }

  /// Why the message at a place was or was not delivered.
  ///
  /// @param stream empty for the core's own
  /// @throws dev.weir.base.WeirException with INVALID_CURSOR for a stream or partition that there
  ///   is not
  public MessageExplanation explain(String stream, int partition, long offset) {
    MessagePlace place =
        MessagePlace.newBuilder()
            .setStream(stream)
            .setPartition(partition)
            .setOffset(offset)
            .build();
    return explain(ExplainMessageRequest.newBuilder().setPlace(place)).getFirst();
  }

  /// The same of the newest messages with an id, ten at most, the newest first.
  ///
  /// @param filter topics that are looked through; empty for all
  /// @param within the newest messages of each partition that are, 1 to 10,000,000; 0 for 1,000,000
  public List<MessageExplanation> explainId(Bytes id, String filter, long within) {
    return explain(
        ExplainMessageRequest.newBuilder()
            .setId(ByteString.copyFrom(id.buffer()))
            .setFilter(filter)
            .setWithin(within));
  }

  /// The same of the newest messages with a key.
  public List<MessageExplanation> explainKey(Bytes key, String filter, long within) {
    return explain(
        ExplainMessageRequest.newBuilder()
            .setKey(ByteString.copyFrom(key.buffer()))
            .setFilter(filter)
            .setWithin(within));
  }

  /// What became of the newest requests to a topic that came to nothing, and who answers it now.
  ///
  /// @throws dev.weir.base.WeirException with INVALID_TOPIC
  public RequestsExplanation explainRequests(String topic) {
    return requests(ExplainMessageRequest.newBuilder().setRequestTopic(topic));
  }

  /// The same of the newest requests with an id.
  ///
  /// @param filter their topics; empty for all
  public RequestsExplanation explainRequestId(Bytes id, String filter) {
    return requests(
        ExplainMessageRequest.newBuilder()
            .setId(ByteString.copyFrom(id.buffer()))
            .setFilter(filter)
            .setWithin(1)); // No message of the log is wanted.
  }

  /// The same of the newest requests with a key.
  public RequestsExplanation explainRequestKey(Bytes key, String filter) {
    return requests(
        ExplainMessageRequest.newBuilder()
            .setKey(ByteString.copyFrom(key.buffer()))
            .setFilter(filter)
            .setWithin(1));
  }

  private RequestsExplanation requests(ExplainMessageRequest.Builder request) {
    return ExplanationWords.requests(asked(() -> stub.get().explainMessage(request.build())));
  }

  private List<MessageExplanation> explain(ExplainMessageRequest.Builder request) {
    return asked(() -> stub.get().explainMessage(request.build())).getMessagesList().stream()
        .map(ExplanationWords::of)
        .toList();
  }

  private static <T> T asked(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw Refusals.of(e);
    }
  }
}
