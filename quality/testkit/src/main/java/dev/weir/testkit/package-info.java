/// Fakes and small tools for tests: a stepped clock, seeded randomness, waiting without sleeping, a
/// simulated disk. Test code only: no product module depends on it outside its test scope.
@NullMarked
package dev.weir.testkit;

import org.jspecify.annotations.NullMarked;
