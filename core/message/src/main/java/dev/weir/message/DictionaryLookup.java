package dev.weir.message;

import dev.weir.base.ErrorCode;
import dev.weir.base.WeirException;
import java.util.Optional;

/// Where a decoder of frames asks for the dictionary that a frame names.
@FunctionalInterface
public interface DictionaryLookup {
  /// For places where no dictionary is known.
  DictionaryLookup NONE = _ -> Optional.empty();

  /// The dictionary of an id, if it is known here.
  Optional<Dictionary> find(int id);

  /// What a frame needs to be decoded.
  ///
  /// @param id as the frame has it; 0 for none
  /// @throws WeirException with UNKNOWN_DICTIONARY
  default Optional<Dictionary> require(int id) {
    if (id == 0) {
      return Optional.empty();
    }
    Optional<Dictionary> found = find(id);
    if (found.isEmpty()) {
      throw new WeirException(
          ErrorCode.UNKNOWN_DICTIONARY,
          "Dictionary " + Integer.toUnsignedString(id) + " is not known.");
    }
    return found;
  }
}
