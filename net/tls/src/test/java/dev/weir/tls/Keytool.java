package dev.weir.tls;

import dev.weir.testkit.TestKeys.PemPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Identities that the JDK's own tool has made.
final class Keytool {
  private static final String PASSWORD = "weir-test";

  private Keytool() {}

  /// @param size bits, or the name of a curve; empty for an algorithm that has one size
  static void make(Path directory, String algorithm, String size, PemPair into)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve("made-" + algorithm + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "made",
                "-dname",
                "CN=made",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString(),
                "-keyalg",
                algorithm));
    if (!size.isEmpty()) {
      command.addAll(List.of(algorithm.equals("RSA") ? "-keysize" : "-groupname", size));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String told =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(told);
    }
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      made.load(in, PASSWORD.toCharArray());
    }
    write(into.certificate(), "CERTIFICATE", made.getCertificate("made").getEncoded());
    write(into.key(), "PRIVATE KEY", made.getKey("made", PASSWORD.toCharArray()).getEncoded());
  }

  private static void write(Path file, String what, byte[] encoded) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(what, Base64.getMimeEncoder().encodeToString(encoded), what));
  }
}
