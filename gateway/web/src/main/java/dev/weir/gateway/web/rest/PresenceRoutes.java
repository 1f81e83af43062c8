package dev.weir.gateway.web.rest;

import dev.weir.broker.PresenceView;
import dev.weir.gateway.web.http.RouteTable;
import dev.weir.gateway.web.http.WebAnswer;
import dev.weir.gateway.web.http.WebLimits;
import dev.weir.gateway.web.http.WebRequest;
import dev.weir.gateway.web.json.JsonText;
import dev.weir.gateway.web.json.PresenceJson;

/// Who is there, over REST. Called on virtual threads.
public final class PresenceRoutes {
  private final Receipts receipts;

  public PresenceRoutes(Receipts receipts) {
    this.receipts = receipts;
  }

  public void addTo(RouteTable routes) {
    routes.add("GET", "/v1/presence/{topic...}", WebLimits.SMALL_BODY_BYTES, this::members);
  }

  private WebAnswer members(WebRequest request) throws InterruptedException {
    request.allow();
    PresenceView view =
        receipts.await(request.caller().broker().presence().members(request.captured("topic")));
    JsonText json = PresenceJson.write(new JsonText().beginObject(), view).endObject();
    return WebAnswer.json(200, json.bytes());
  }
}
