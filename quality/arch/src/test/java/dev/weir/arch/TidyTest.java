package dev.weir.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The rules of style that a machine can see.
final class TidyTest {
  private static final int MAX_FILE_LINES = 500;
  private static final int MAX_METHOD_LINES = 60;
  private static final Pattern TEST_ANNOTATION =
      Pattern.compile(
          "^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory)\\b", Pattern.MULTILINE);
  private static final Pattern BANNED_NAME =
      Pattern.compile("\\w+(Impl|Util|Utils|Helper|Manager|Processor)");
  private static final Pattern LOOSE_END = Pattern.compile("\\b(TODO|FIXME|XXX)\\b(?!\\(#\\d+\\))");

  @Test
  void filesHaveAtMostFiveHundredLines() {
    assertThat(Checkout.javaSources())
        .filteredOn(file -> Checkout.read(file).lines().count() > MAX_FILE_LINES)
        .isEmpty();
  }

  @Test
  void methodsHaveAtMostSixtyLines() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> longMethods = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  _ -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(Checkout.javaSources()));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new MethodLengths(unit, positions, longMethods).scan(unit, 0);
      }
    }

    assertThat(longMethods).isEmpty();
  }

  @Test
  void everyTestClassIsFoundByTheRunner() {
    assertThat(Checkout.javaSources())
        .filteredOn(file -> TEST_ANNOTATION.matcher(Checkout.read(file)).find())
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file.getFileName().toString()).endsWith("Test.java"));
  }

  @Test
  void namesSayWhatAThingIs() {
    assertThat(Checkout.javaSources())
        .extracting(file -> file.getFileName().toString().replace(".java", ""))
        .noneMatch(name -> BANNED_NAME.matcher(name).matches());
  }

  @Test
  void nothingIsLeftForLater() {
    assertThat(Checkout.javaSources())
        .filteredOn(file -> !file.endsWith("TidyTest.java"))
        .filteredOn(file -> {
          String text = Checkout.read(file);
          return LOOSE_END.matcher(text).find()
              || text.contains("@Disabled")
              || text.contains("Thread.sleep(")
              || text.contains("@author");
        })
        .isEmpty();
  }

  @Test
  void everyModuleHasAReadme() throws IOException {
    Path root = Checkout.root();
    List<String> missing = new ArrayList<>();
    for (String line : Checkout.read(root.resolve("pom.xml")).lines().toList()) {
      if (line.strip().startsWith("<module>")) {
        String module = line.strip().replace("<module>", "").replace("</module>", "");
        if (!Files.exists(root.resolve(module).resolve("README.md"))) {
          missing.add(module);
        }
      }
    }

    assertThat(missing).isEmpty();
  }

  private static final class MethodLengths extends TreeScanner<@Nullable Object, Integer> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    @Override
    public @Nullable Object visitMethod(MethodTree method, Integer depth) {
      LineMap lines = unit.getLineMap();
      long start = lines.getLineNumber(positions.getStartPosition(unit, method));
      long end = lines.getLineNumber(positions.getEndPosition(unit, method));
      if (end - start + 1 > MAX_METHOD_LINES) {
        found.add(unit.getSourceFile().getName() + ":" + start + " " + method.getName());
      }
      return super.visitMethod(method, depth + 1);
    }
  }
}
