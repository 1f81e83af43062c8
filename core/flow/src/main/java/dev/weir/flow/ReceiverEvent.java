package dev.weir.flow;

/// Everything that can happen to a version 2 stream of the server.
public enum ReceiverEvent implements Described {
  HELLO("A hello that is acceptable."),
  HELLO_BAD("A hello that is not: identity, version, authentication or limits."),
  HELLO_TIMEOUT("No hello within 10 s."),
  LANES_LOADED("What is stored of the lanes is known."),
  FRAME_NEXT("The lane's next sequence, intact, within the credit."),
  FRAME_OVER_CREDIT("The lane's next sequence, begun when no credit was left."),
  FRAME_DUPLICATE("A sequence that was taken before."),
  FRAME_GAP("A sequence behind one that never came."),
  FRAME_VOID("A sequence behind one that was refused; both will come again."),
  FRAME_INVALID("The next sequence, but damaged, of an unknown codec, or beyond a size limit."),
  DICTIONARY_UNKNOWN("The next sequence, compressed with a dictionary that is not here."),
  DICTIONARY_OFFERED("The client sends a dictionary."),
  COMMITTED("The store made more of a lane durable."),
  QUEUE_HIGH("The queue before the store reached its high mark."),
  QUEUE_LOW("The queue before the store fell to its low mark."),
  QUOTA_EXCEEDED("The client used up its share."),
  QUOTA_OK("The client has a share again."),
  STORE_ERROR("The store failed; nothing beyond the durable position will be stored."),
  STORE_RECOVERED("The store takes frames again."),
  SUPERSEDED("A newer session of the same identity said hello."),
  BYE("The client ends the conversation."),
  TRANSPORT_DOWN("The transport is gone."),
  LIVENESS_TIMEOUT("No byte came from the client for three heartbeats."),
  STALLED("The client is heard, but what is sent to it does not arrive."),
  DRAIN_ORDERED("The node shuts down or moves its clients away."),
  DRAIN_DEADLINE("The time to drain is over.");

  private final String meaning;

  ReceiverEvent(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
