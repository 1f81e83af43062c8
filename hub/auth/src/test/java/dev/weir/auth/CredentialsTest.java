package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.base.WeirException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CredentialsTest {
  private static String basic(String text) {
    return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsBearerAndBasic() {
    assertThat(Credentials.ofHeader(null)).isEqualTo(new Credentials.None());
    assertThat(Credentials.ofHeader(" ")).isEqualTo(new Credentials.None());
    assertThat(Credentials.ofHeader("bearer  abc")).isEqualTo(new Credentials.Token("abc"));
    assertThat(Credentials.ofHeader(basic("anna:pass:word")))
        .isEqualTo(new Credentials.Password("anna", "pass:word"));
    assertThat(Credentials.ofHeader(basic("token:weir_1")))
        .isEqualTo(new Credentials.Token("weir_1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "Digest x", "Basic ***", "Basic YQ==", "Basic /w=="})
  void refusesWhatIsNeitherAndRepeatsNothingOfIt(String header) {
    assertThatThrownBy(() -> Credentials.ofHeader(header))
        .isInstanceOf(WeirException.class)
        .hasMessageNotContaining(header.substring(header.length() - 3));
  }

  @Test
  void printsNoSecret() {
    assertThat(new Credentials.Password("anna", "hunter2").toString()).doesNotContain("hunter2");
    assertThat(new Credentials.Token("weir_secret").toString()).doesNotContain("secret");
  }
}
