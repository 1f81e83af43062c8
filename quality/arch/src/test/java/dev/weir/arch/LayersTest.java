package dev.weir.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Who may import whom, as the table in ARCHITECTURE.md says: the document is the rule.
final class LayersTest {
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([^`]+)` \\| `(dev\\.weir\\.[^`]+)` \\| ([^|]*) \\|", Pattern.MULTILINE);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.weir");

  @Test
  void importsOnlyWhatArchitectureAllows() {
    Map<String, Set<String>> allowed = allowedImports();
    Set<String> violations = new TreeSet<>();
    for (JavaClass javaClass : CLASSES) {
      String module = moduleOf(javaClass.getPackageName(), allowed.keySet());
      javaClass.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getPackageName())
          .filter(name -> name.startsWith("dev.weir."))
          .map(name -> moduleOf(name, allowed.keySet()))
          .filter(target -> !target.equals(module))
          .filter(target -> !allowed.getOrDefault(module, Set.of()).contains(target))
          .forEach(target -> violations.add(javaClass.getName() + " -> " + target));
    }

    assertThat(CLASSES.size()).isGreaterThan(100);
    assertThat(violations).isEmpty();
  }

  @Test
  void modulesFormNoCycle() {
    SlicesRuleDefinition.slices()
        .matching("dev.weir.(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void everyModuleStandsInTheTable() {
    Set<String> packages = new TreeSet<>();
    for (JavaClass javaClass : CLASSES) {
      packages.add(javaClass.getPackageName());
    }

    Set<String> known = allowedImports().keySet();
    assertThat(packages).allSatisfy(name -> assertThat(known).contains(moduleOf(name, known)));
  }

  /// The package and, per module directory, the directories that it may import.
  private static Map<String, Set<String>> allowedImports() {
    String text = Checkout.read(Checkout.root().resolve("ARCHITECTURE.md"));
    Map<String, String> packageOf = new LinkedHashMap<>();
    Map<String, String> importsOf = new LinkedHashMap<>();
    Matcher rows = ROW.matcher(text);
    while (rows.find()) {
      packageOf.put(rows.group(1), rows.group(2));
      importsOf.put(rows.group(1), rows.group(3));
    }
    assertThat(packageOf).hasSizeGreaterThan(10);
    Map<String, Set<String>> allowed = new LinkedHashMap<>();
    importsOf.forEach((module, imports) -> {
      Set<String> targets = new TreeSet<>();
      for (String name : imports.replace("`", "").split(",", -1)) {
        if (!name.isBlank() && !name.strip().equals("–")) {
          assertThat(packageOf).containsKey(name.strip());
          targets.add(packageOf.getOrDefault(name.strip(), ""));
        }
      }
      allowed.put(packageOf.getOrDefault(module, ""), targets);
    });
    return allowed;
  }

  /// The longest known package that holds this one.
  private static String moduleOf(String name, Set<String> known) {
    String best = name;
    int length = 0;
    for (String candidate : known) {
      boolean isInside = name.equals(candidate) || name.startsWith(candidate + ".");
      if (isInside && candidate.length() > length) {
        best = candidate;
        length = candidate.length();
      }
    }
    return best;
  }
}
