package dev.weir.edge.source;

import dev.weir.base.WeirException;
import java.util.Optional;

/// Says, before any work is done, whether something could be stored now.
@FunctionalInterface
public interface Admission {
  /// Why nothing can be stored at the moment; empty when it can.
  Optional<WeirException> refusal();
}
