package dev.weir.gateway.grpc;

import dev.weir.base.WeirException;
import dev.weir.message.Receipt;
import dev.weir.proto.v1.PublishOutcome;
import dev.weir.proto.v1.PublishResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of messages whose numbers follow one another.
///
/// @param number the first
/// @param bytes of their bodies
/// @param receipt of the first, the others stand behind it; null when they failed
record PublishAnswer(
    long number, int count, long bytes, @Nullable Receipt receipt, @Nullable WeirException fault) {
  /// Answers in one response, of some 50 bytes each.
  private static final int MAX_GATHERED = 1 << 10;

  /// @param ahead how far the first of them stands behind the receipt's place
  static PublishAnswer stored(long number, int count, long bytes, Receipt receipt, int ahead) {
    return new PublishAnswer(number, count, bytes, receipt.behind(ahead), null);
  }

  static PublishAnswer failed(long number, int count, long bytes, WeirException cause) {
    return new PublishAnswer(number, count, bytes, null, cause);
  }

  /// All of them in the protocol's words.
  ///
  /// @param isGathering whether several may stand in one response
  static List<PublishResponse> words(List<PublishAnswer> all, boolean isGathering) {
    List<PublishResponse> words = new ArrayList<>();
    if (!isGathering) {
      all.forEach(answer -> answer.addSingly(words));
      return words;
    }
    for (int from = 0; from < all.size(); from += MAX_GATHERED) {
      PublishResponse.Builder first = all.get(from).response(0).setCount(all.get(from).count());
      int end = Math.min(all.size(), from + MAX_GATHERED);
      all.subList(from + 1, end).forEach(answer -> first.addMore(answer.outcome()));
      words.add(first.build());
    }
    return words;
  }

  private PublishOutcome.Builder outcome() {
    PublishOutcome.Builder outcome = PublishOutcome.newBuilder().setNumber(number).setCount(count);
    if (receipt != null) {
      outcome.setReceipt(Messages.receipt(receipt));
    } else if (fault != null) {
      outcome.setFailure(Failures.of(fault));
    }
    return outcome;
  }

  private void addSingly(List<PublishResponse> words) {
    for (int i = 0; i < count; i++) {
      words.add(response(i).build());
    }
  }

  private PublishResponse.Builder response(int index) {
    PublishResponse.Builder response = PublishResponse.newBuilder().setNumber(number + index);
    if (receipt != null) {
      response.setReceipt(Messages.receipt(receipt.behind(index)));
    } else if (fault != null) {
      response.setFailure(Failures.of(fault));
    }
    return response;
  }
}
