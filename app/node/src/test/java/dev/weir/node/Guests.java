package dev.weir.node;

import dev.weir.auth.Action;
import dev.weir.auth.ApiKey;
import dev.weir.auth.AuthBook;
import dev.weir.auth.Identity;
import dev.weir.auth.Introduction;
import dev.weir.auth.PasswordHash;
import dev.weir.auth.Rule;
import dev.weir.auth.User;
import dev.weir.auth.guard.AuthorizedBroker;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Who knocks at a core in tests: `anna`, who may do everything below `a` and with the queue
/// `jobs`, and `bert`, who is known and may do nothing; and `router`, who may introduce others and
/// nothing else.
final class Guests {
  private static final SplittableRandom RANDOM = new SplittableRandom(11);

  static final ApiKey.Fresh GOOD = key("anna", Identity.NEVER);
  static final ApiKey.Fresh EXPIRED = key("anna", 1_000_000);
  static final ApiKey.Fresh REVOKED = key("anna", Identity.NEVER);
  static final ApiKey.Fresh ROUTER = key("router", Identity.NEVER);
  static final ApiKey.Fresh POWERLESS = key("bert", Identity.NEVER);

  private Guests() {}

  static ApiKey.Fresh key(String user, long expiryMicros) {
    return ApiKey.draw(user, "", 0, expiryMicros, RANDOM);
  }

  static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  static AuthBook book() {
    User anna =
        User.of("anna")
            .withPassword(PasswordHash.of("hunter2", RANDOM))
            .withRules(
                List.of(
                    Rule.allow(EnumSet.allOf(Action.class), "a/#"),
                    Rule.allow(EnumSet.allOf(Action.class), Rule.queuePattern("jobs")),
                    Rule.allow(EnumSet.allOf(Action.class), Rule.bucketPattern("a")),
                    Rule.allow(Set.of(Action.SUBSCRIBE), Rule.bucketPattern("read/#")),
                    Rule.allow(Set.of(Action.PUBLISH), CoreNode.VERSION_ONE_TOPIC),
                    Rule.allow(Set.of(Action.MANAGE), AuthorizedBroker.STATS)));
    return AuthBook.EMPTY
        .with(anna)
        .with(User.of("bert"))
        .with(
            User.of("router")
                .withRules(List.of(Rule.allow(Set.of(Action.MANAGE), Introduction.RIGHT))))
        .with(ROUTER.key())
        .with(GOOD.key())
        .with(EXPIRED.key())
        .with(REVOKED.key().revoked())
        .with(POWERLESS.key());
  }
}
