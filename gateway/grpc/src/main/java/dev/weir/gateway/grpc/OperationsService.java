package dev.weir.gateway.grpc;

import dev.weir.auth.SessionBook;
import dev.weir.base.Checks;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.broker.Broker;
import dev.weir.broker.explain.Explanations;
import dev.weir.gateway.port.Connections;
import dev.weir.gateway.port.Connections.Connection;
import dev.weir.message.Position;
import dev.weir.proto.v1.Client;
import dev.weir.proto.v1.ClientEvent;
import dev.weir.proto.v1.ClientEventKind;
import dev.weir.proto.v1.ExplainClientRequest;
import dev.weir.proto.v1.ExplainClientResponse;
import dev.weir.proto.v1.ExplainMessageRequest;
import dev.weir.proto.v1.ExplainMessageResponse;
import dev.weir.proto.v1.KickClientRequest;
import dev.weir.proto.v1.KickClientResponse;
import dev.weir.proto.v1.ListClientEventsRequest;
import dev.weir.proto.v1.ListClientEventsResponse;
import dev.weir.proto.v1.ListClientsRequest;
import dev.weir.proto.v1.ListClientsResponse;
import dev.weir.proto.v1.OperationsGrpc;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Who is connected, and why something was or was not delivered, for operators. Any thread.
final class OperationsService extends OperationsGrpc.OperationsImplBase {
  private static final int MAX_LISTED = 1_000;

  /// Each may read as much of the log as a search allows.
  private static final int MAX_READERS = 4;

  private final Broker broker;
  private final Connections connections;
  private final SessionBook sessions;
  private final Semaphore readers = new Semaphore(MAX_READERS);

  OperationsService(Broker broker, Connections connections, SessionBook sessions) {
    this.broker = broker;
    this.connections = connections;
    this.sessions = sessions;
  }

  @Override
  public void listClients(
      ListClientsRequest request, StreamObserver<ListClientsResponse> responses) {
    answer(
        responses,
        () -> {
          int limit = request.getLimit() == 0 ? MAX_LISTED : request.getLimit();
          Checks.range("limit", limit, 1, MAX_LISTED);
          List<Connection> behind =
              connections.list().stream()
                  .filter(connection -> connection.id() > request.getAfter())
                  .toList();
          ListClientsResponse.Builder response =
              ListClientsResponse.newBuilder().setIsComplete(behind.size() <= limit);
          behind.stream().limit(limit).map(OperationsService::client).forEach(response::addClients);
          return response.build();
        });
  }

  @Override
  public void kickClient(KickClientRequest request, StreamObserver<KickClientResponse> responses) {
    answer(
        responses,
        () -> KickClientResponse.newBuilder().setWasOpen(connections.cut(request.getId())).build());
  }

  @Override
  public void listClientEvents(
      ListClientEventsRequest request, StreamObserver<ListClientEventsResponse> responses) {
    answer(
        responses,
        () -> {
          ListClientEventsResponse.Builder response = ListClientEventsResponse.newBuilder();
          connections.events().stream()
              .filter(event -> event.atMicros() > request.getAfterMicros())
              .map(OperationsService::event)
              .forEach(response::addEvents);
          return response.build();
        });
  }

  /// Looking reads the disk: on a thread of its own.
  @Override
  public void explainMessage(
      ExplainMessageRequest request, StreamObserver<ExplainMessageResponse> responses) {
    apart(() -> answer(responses, () -> explained(request)));
  }

  private ExplainMessageResponse explained(ExplainMessageRequest request) {
    if (!readers.tryAcquire()) {
      throw new WeirException(
          ErrorCode.OVERLOADED, "There are " + MAX_READERS + " who look for messages already.");
    }
    try {
      Explanations explanations = broker.explanations();
      ExplainMessageResponse.Builder response = ExplainMessageResponse.newBuilder();
      for (Position position : MessageWords.wanted(request, explanations)) {
        response.addMessages(MessageWords.of(explanations.message(position)));
      }
      RequestsExplained.add(response, request, explanations);
      return response.build();
    } catch (IOException e) {
      throw new WeirException(
          ErrorCode.LOG_DAMAGED, "The log cannot be read: " + e.getMessage() + ".", e);
    } finally {
      readers.release();
    }
  }

  /// What presence knows its thread tells: waited for on a thread of its own.
  @Override
  public void explainClient(
      ExplainClientRequest request, StreamObserver<ExplainClientResponse> responses) {
    apart(() -> answer(responses, () -> client(request.getId())));
  }

  private static void apart(Runnable explaining) {
    Thread.ofVirtual().name("weir-explain").start(Context.current().wrap(explaining));
  }

  private ExplainClientResponse client(long id) {
    Connection known =
        connections
            .find(id)
            .orElseThrow(() ->
                new WeirException(
                    ErrorCode.CLIENT_UNKNOWN,
                    "There is no connection " + id + ", and none is remembered."));
    ExplainClientResponse.Builder response =
        ExplainClientResponse.newBuilder()
            .setClient(client(known))
            .setIsOpen(connections.list().contains(known));
    ClientWords.add(response, known.address(), broker, sessions);
    connections.events().stream()
        .filter(event -> event.connection().id() == id)
        .map(OperationsService::event)
        .forEach(response::addEvents);
    return response.build();
  }

  private <T> void answer(StreamObserver<T> responses, Supplier<T> work) {
    T response;
    try {
      var _ = broker.stats(); // Whoever may not see the core's figures may not see these.
      response = work.get();
    } catch (WeirException | IllegalArgumentException e) {
      responses.onError(RegistryStatus.of(Failures.typed(e)));
      return;
    }
    responses.onNext(response);
    responses.onCompleted();
  }

  private static Client client(Connection connection) {
    return Client.newBuilder()
        .setId(connection.id())
        .setAddress(connection.address())
        .setProtocol(connection.protocol().name().toLowerCase(Locale.ROOT))
        .setIsSecure(connection.isSecure())
        .setCertificate(connection.certificate())
        .setSinceMicros(connection.sinceMicros())
        .build();
  }

  private static ClientEvent event(Connections.Event event) {
    ClientEventKind kind =
        switch (event.kind()) {
          case OPENED -> ClientEventKind.CLIENT_EVENT_KIND_OPENED;
          case CLOSED -> ClientEventKind.CLIENT_EVENT_KIND_CLOSED;
          case CUT -> ClientEventKind.CLIENT_EVENT_KIND_KICKED;
        };
    return ClientEvent.newBuilder()
        .setAtMicros(event.atMicros())
        .setKind(kind)
        .setClient(client(event.connection()))
        .build();
  }
}
