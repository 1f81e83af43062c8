package dev.weir.flow;

/// Why a sender is not sending more at this moment: what an operator asks first.
public enum LimitedBy implements Described {
  WINDOW("As much is in flight as the window allows: the path or its delay bounds the rate."),
  CREDIT("The receiver granted no more: its store or its quota bounds the rate."),
  TRANSPORT("The transport takes no more bytes for now: the link bounds the rate."),
  SPOOL("There is nothing to send: the sources bound the rate."),
  CPU("The sender is at work all the time: its thread, or the machine, bounds the rate.");

  private final String meaning;

  LimitedBy(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
