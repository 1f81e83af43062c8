package dev.weir.it;

import dev.weir.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How a campaign is run from a command line.
///
/// @param length how many rounds, or minutes
/// @param seed of every choice; drawn and printed when none is given
/// @param directory where everything is kept; a temporary one when none is given
record CampaignOptions(int length, long seed, Path directory) {
  /// @param unit what the length counts: `--UNIT N`
  /// @param standard the length when none is given
  static CampaignOptions parse(String[] arguments, String unit, int standard) throws IOException {
    int length = standard;
    long seed = Seeds.seed();
    Path directory = null;
    for (int i = 0; i < arguments.length; i += 2) {
      String option = arguments[i];
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(option + " has no value");
      } else if (option.equals("--" + unit)) {
        length = Integer.parseInt(arguments[i + 1]);
      } else if (option.equals("--seed")) {
        seed = Long.parseLong(arguments[i + 1]);
      } else if (option.equals("--directory")) {
        directory = Path.of(arguments[i + 1]);
      } else {
        throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return new CampaignOptions(
        length, seed, directory == null ? Files.createTempDirectory("weir-campaign") : directory);
  }

  /// Says how it went, and ends the program so.
  void end(boolean isClean) {
    System.out.println(isClean ? "PASS" : "FAIL, everything is kept in " + directory);
    System.exit(isClean ? 0 : 1);
  }
}
