package dev.weir.link;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// The paths that a class of conformance tests runs over; a subclass may name others in their
/// place, as the sources of JUnit's own annotations would add up.
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Over {
  /// An enum.
  Class<? extends LinkPath> value();

  /// Gives a test class its paths.
  final class Paths implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      Over over = context.getRequiredTestClass().getAnnotation(Over.class);
      return Arrays.stream(Objects.requireNonNull(over.value().getEnumConstants()))
          .map(Arguments::of);
    }
  }
}
