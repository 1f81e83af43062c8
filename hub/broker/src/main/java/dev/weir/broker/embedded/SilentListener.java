package dev.weir.broker.embedded;

import dev.weir.base.WeirException;
import dev.weir.broker.EngineListener;
import dev.weir.broker.StoredBatch;
import dev.weir.message.BatchScan;

/// Who listens before the engine is started.
enum SilentListener implements EngineListener {
  INSTANCE;

  @Override
  public void committed(StoredBatch batch, BatchScan scan) {}

  @Override
  public void room() {}

  @Override
  public void suspended(WeirException cause) {}

  @Override
  public void resumed() {}
}
