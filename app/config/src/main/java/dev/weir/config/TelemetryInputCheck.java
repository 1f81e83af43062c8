package dev.weir.config;

import dev.weir.base.ErrorCode;
import dev.weir.config.TelemetryInput.ScrapeInput;
import dev.weir.config.schema.KeyPath;
import java.util.List;

/// What the settings of an input of telemetry mean together.
final class TelemetryInputCheck {
  private TelemetryInputCheck() {}

  static void check(TelemetryInput input, KeyPath at, Places places) {
    if (input instanceof ScrapeInput scrape && scrape.timeout().compareTo(scrape.interval()) > 0) {
      places.error(
          ErrorCode.CONFIG_CONFLICT,
          List.of(at.child("timeout"), at.child("interval"), Semantics.INPUTS),
          at.child("timeout") + " is longer than the interval: scrapes would overlap",
          "lower the timeout, or raise the interval");
    }
  }
}
