package dev.weir.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.notification.Failure;

/// gRPC's own interoperability suite: each of its cases is a test here.
final class InteropTest {
  /// What cannot apply, and why; the suite itself must decline it.
  private static final Map<String, String> DECLINED =
      Map.of(
          "censusContextsPropagated",
          "needs the OpenCensus module of grpc-core's own channels and servers");

  @TestFactory
  Stream<DynamicTest> passesWithExecutors() {
    return cases(WireInterop.class);
  }

  @TestFactory
  Stream<DynamicTest> passesOnEventLoops() {
    return cases(WireInterop.OnLoops.class);
  }

  private static Stream<DynamicTest> cases(Class<? extends WireInterop> suite) {
    return Arrays.stream(suite.getMethods())
        .filter(method -> method.isAnnotationPresent(org.junit.Test.class))
        .sorted(Comparator.comparing(method -> method.getName()))
        .map(method -> test(suite, method.getName()));
  }

  private static DynamicTest test(Class<?> suite, String name) {
    String reason = DECLINED.get(name);
    return reason == null
        ? DynamicTest.dynamicTest(name, () -> passes(suite, name))
        : DynamicTest.dynamicTest(name + ", declined: " + reason, () -> declines(suite, name));
  }

  private static void passes(Class<?> suite, String name) {
    Result result = run(suite, name);

    assertThat(result.getAssumptionFailureCount()).isZero();
  }

  private static void declines(Class<?> suite, String name) {
    Result result = run(suite, name);

    assertThat(result.getAssumptionFailureCount()).isEqualTo(1);
  }

  private static Result run(Class<?> suite, String name) {
    Result result = new JUnitCore().run(Request.method(suite, name));
    for (Failure failure : result.getFailures()) {
      throw new AssertionError(failure.getTrace(), failure.getException());
    }
    assertThat(result.getRunCount()).isEqualTo(1);
    return result;
  }
}
