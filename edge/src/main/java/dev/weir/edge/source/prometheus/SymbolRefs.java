package dev.weir.edge.source.prometheus;

import dev.weir.base.Bytes;
import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import dev.weir.edge.source.protobuf.WireCheck;

/// Checks the references of a remote write 2.0 request into its table of symbols. One that points
/// beyond it would make every reader refuse the whole request.
final class SymbolRefs implements WireCheck.Visitor {
  private static final int SYMBOLS = 4;
  private static final int LABELS_REFS = 1;

  private int symbolCount;
  private boolean isFirstEmpty = true;
  private long greatest;
  private boolean isOdd;

  @Override
  public void text(String type, int field, int length) {
    if (type.equals("Request") && field == SYMBOLS) {
      isFirstEmpty &= symbolCount > 0 || length == 0;
      symbolCount++;
    }
  }

  @Override
  public void varints(String type, int field, Bytes values) {
    boolean isLabels =
        field == LABELS_REFS && (type.equals("TimeSeries") || type.equals("Exemplar"));
    if (!isLabels && !type.equals("Metadata")) {
      return;
    }
    int count = 0;
    for (int index = 0; index < values.length(); count++) {
      long value = 0;
      byte b;
      int shift = 0;
      do {
        b = values.at(index++);
        value |= (b & 0x7fL) << shift;
        shift += 7;
      } while (b < 0);
      greatest = Long.compareUnsigned(value, greatest) > 0 ? value : greatest;
    }
    // A number alone may be one of several that are not packed.
    isOdd |= isLabels && count > 1 && count % 2 == 1;
  }

  /// Judges a request that was walked through.
  ///
  /// @throws WeirException with MALFORMED
  void requireSound() {
    if (!isFirstEmpty) {
      throw malformed("The first symbol is not the empty text.");
    }
    if (isOdd) {
      throw malformed("Labels have an odd number of references, not pairs.");
    }
    if (greatest < 0 || (greatest > 0 && greatest >= symbolCount)) {
      throw malformed(
          "A reference is "
              + Long.toUnsignedString(greatest)
              + ", the request has "
              + symbolCount
              + " symbols.");
    }
  }

  private static WeirException malformed(String detail) {
    return new WeirException(ErrorCode.MALFORMED, detail);
  }
}
