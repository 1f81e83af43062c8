package dev.weir.cli;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.List;

/// A bucket, a key in it, and the words behind: `BUCKET/KEY …`, `BUCKET KEY …`, or `KEY …` with
/// `--bucket`.
///
/// @param key empty when no word names one
record KvKey(String bucket, String key, List<String> rest) {
  KvKey {
    rest = List.copyOf(rest);
  }

  /// @param bucket of `--bucket`; empty when it was not given
  /// @throws WeirException USAGE when the words name no bucket
  static KvKey of(String bucket, List<String> words) {
    if (!bucket.isEmpty()) {
      return new KvKey(bucket, words.isEmpty() ? "" : words.getFirst(), behind(words, 1));
    }
    String first = words.isEmpty() ? "" : words.getFirst();
    int split = first.indexOf('/');
    if (split == 0 || first.isEmpty()) {
      throw usage("The bucket is missing");
    }
    return split > 0
        ? new KvKey(first.substring(0, split), first.substring(split + 1), behind(words, 1))
        : new KvKey(first, words.size() > 1 ? words.get(1) : "", behind(words, 2));
  }

  private static List<String> behind(List<String> words, int count) {
    return words.subList(Math.min(count, words.size()), words.size());
  }

  /// With a key and no more words than allowed.
  ///
  /// @throws WeirException USAGE when it is not so
  KvKey requireKey(int words) {
    if (key.isEmpty()) {
      throw usage("The key is missing");
    }
    return require(words);
  }

  /// With no more words than allowed.
  ///
  /// @throws WeirException USAGE when there are more
  KvKey require(int words) {
    if (rest.size() > words) {
      throw usage("'" + rest.get(words) + "' is one word too many");
    }
    return this;
  }

  Bytes keyBytes() {
    return Bytes.utf8(key);
  }

  /// As a person names it.
  String name() {
    return bucket + "/" + key;
  }

  private static WeirException usage(String fault) {
    return new WeirException(
        ErrorCode.USAGE, fault + ": write BUCKET/KEY, BUCKET KEY, or --bucket BUCKET KEY.");
  }
}
