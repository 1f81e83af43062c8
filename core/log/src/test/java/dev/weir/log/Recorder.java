package dev.weir.log;

import dev.weir.base.WeirException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Remembers what became of appends.
class Recorder implements AppendListener {
  final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());
  final List<WeirException> failures = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void durable(long baseOffset, long commitMicros, long queueMicros, long timestampMicros) {
    offsets.add(baseOffset);
  }

  @Override
  public void failed(WeirException cause) {
    failures.add(cause);
  }
}
