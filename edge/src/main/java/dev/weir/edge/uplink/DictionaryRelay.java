package dev.weir.edge.uplink;

import dev.weir.link.DictionaryListener;
import dev.weir.link.DictionaryOffer;
import dev.weir.message.Dictionary;
import java.util.List;

/// Passes on what a link tells about dictionaries once there is someone to tell: the link runs
/// before its edge is complete. Any thread.
final class DictionaryRelay implements DictionaryListener {
  private DictionaryListener target = DictionaryListener.NONE;
  private List<DictionaryOffer> latest = List.of();

  synchronized void target(DictionaryListener listener) {
    target = listener;
    if (!latest.isEmpty()) {
      target.offered(latest);
    }
  }

  private synchronized DictionaryListener target() {
    return target;
  }

  @Override
  public void accepted(Dictionary dictionary) {
    target().accepted(dictionary);
  }

  @Override
  public void refused(Dictionary dictionary, String detail) {
    target().refused(dictionary, detail);
  }

  @Override
  public synchronized void offered(List<DictionaryOffer> offers) {
    latest = List.copyOf(offers);
    target.offered(latest);
  }

  @Override
  public void fetched(Dictionary dictionary) {
    target().fetched(dictionary);
  }
}
