package dev.weir.bench.ship;

final class ShipHtml {
  private final ShipReport r;

  ShipHtml(ShipReport r) {
    this.r = r;
  }

  String page() {
    return r.table();
  }
}
