package dev.weir.flow;

import java.util.List;

/// Every table of this module, in the order in which the documentation prints them.
public final class FlowTables {
  public static final List<MachineTable<?, ?, ?>> ALL =
      List.of(
          PublishedSender.TABLE,
          PublishedReceiver.TABLE,
          SenderMachine.TABLE,
          ReceiverMachine.TABLE,
          ReconnectMachine.TABLE,
          LivenessMachine.TABLE,
          ProgressMachine.TABLE,
          GainMachine.TABLE);

  private FlowTables() {}
}
