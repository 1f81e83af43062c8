package dev.weir.auth.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/// Ed25519 by the JDK (RFC 8032, RFC 8037): the JOSE library wants another library for it.
final class EdwardsVerifier {
  private static final int KEY_BYTES = 32;

  private EdwardsVerifier() {}

  static boolean fits(JWSHeader header, OctetKeyPair key) {
    return Curve.Ed25519.equals(key.getCurve())
        && (JWSAlgorithm.EdDSA.equals(header.getAlgorithm())
            || JWSAlgorithm.Ed25519.equals(header.getAlgorithm()));
  }

  static boolean verify(OctetKeyPair key, byte[] signed, byte[] signature)
      throws GeneralSecurityException {
    byte[] x = key.getDecodedX();
    if (x.length != KEY_BYTES) {
      return false;
    }
    // Little endian, and the sign of the other coordinate in the last bit.
    byte[] y = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      y[i] = x[KEY_BYTES - 1 - i];
    }
    boolean isOdd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    EdECPoint point = new EdECPoint(isOdd, new BigInteger(1, y));
    Signature verifier = Signature.getInstance("Ed25519");
    verifier.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point)));
    verifier.update(signed);
    return verifier.verify(signature);
  }
}
