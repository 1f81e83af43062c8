package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;

/// gRPC's own interoperability suite: each of its cases is a test here.
final class InteropTest {
  @TestFactory
  Stream<DynamicTest> cases() {
    return Arrays.stream(WireInterop.class.getMethods())
        .filter(method -> method.isAnnotationPresent(org.junit.Test.class))
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> run(method.getName())));
  }

  private static void run(String name) {
    Result result = new JUnitCore().run(Request.method(WireInterop.class, name));

    assertThat(result.getFailures()).allSatisfy(failure -> fail(failure.getException()));
    assertThat(result.getRunCount()).isEqualTo(1);
    assertThat(result.getAssumptionFailureCount()).isZero();
  }

  private static void fail(Throwable cause) {
    throw new AssertionError(cause);
  }
}
