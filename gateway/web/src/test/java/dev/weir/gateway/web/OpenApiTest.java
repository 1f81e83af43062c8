package dev.weir.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.base.Bytes;
import dev.weir.gateway.web.http.RouteTable;
import dev.weir.gateway.web.json.JsonReader;
import dev.weir.gateway.web.json.JsonValue;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The document cannot lie: what it names is there, and nothing else is.
final class OpenApiTest {
  @TempDir Path directory;
  private Door door;
  private Map<String, JsonValue> paths;

  /// A query parameter of an operation.
  private record Parameter(String method, String path, String name) {}

  @BeforeEach
  void open() {
    door = new Door(directory);
    HttpResponse<String> answer = door.get("/v1/openapi.json");
    assertThat(answer.statusCode()).isEqualTo(200);
    paths = members(members(JsonReader.read(Bytes.utf8(answer.body()))).get("paths"));
  }

  @AfterEach
  void close() {
    door.close();
  }

  private static Map<String, JsonValue> members(JsonValue value) {
    return ((JsonValue.Members) value).values();
  }

  private static String text(JsonValue value) {
    return ((JsonValue.Text) value).text();
  }

  @Test
  void namesEveryRouteAndNoOther() {
    Set<String> described = new TreeSet<>();
    paths.forEach((path, operations) ->
        members(operations)
            .keySet()
            .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    Set<String> served = new TreeSet<>();
    for (RouteTable.Entry entry : door.web.routes()) {
      if (entry.template().startsWith("/v1/")) {
        served.add(entry.method() + " " + entry.template().replace("...}", "}"));
      }
    }

    assertThat(described).isEqualTo(served).hasSizeGreaterThan(15);
  }

  private List<Parameter> parameters() {
    List<Parameter> found = new ArrayList<>();
    paths.forEach((path, operations) ->
        members(operations)
            .forEach((method, operation) -> {
              JsonValue list = members(operation).get("parameters");
              if (list instanceof JsonValue.Items(List<JsonValue> values)) {
                for (JsonValue value : values) {
                  if (text(members(value).get("in")).equals("query")) {
                    found.add(new Parameter(method, path, text(members(value).get("name"))));
                  }
                }
              }
            }));
    return found;
  }

  private HttpResponse<String> ask(String method, String path, String query) {
    String asked = path.replace("{topic}", "a").replace("{name}", "none") + query;
    return door.send(method.toUpperCase(Locale.ROOT), asked, "");
  }

  @Test
  void namesParametersThatAreTakenAndNoOther() {
    List<Parameter> parameters = parameters();
    for (Parameter parameter : parameters) {
      HttpResponse<String> answer =
          ask(parameter.method(), parameter.path(), "?" + parameter.name() + "=%23&colour=red");

      assertThat(answer.body())
          .as(parameter.toString())
          .contains("'colour' is not known, expected ")
          .containsPattern("expected [a-zA-Z, ]*\\b" + parameter.name() + "\\b");
    }
    assertThat(parameters).hasSizeGreaterThan(8);
    paths.forEach((path, operations) ->
        members(operations)
            .forEach((method, _) -> {
              long count =
                  parameters.stream()
                      .filter(p -> p.path().equals(path) && p.method().equals(method))
                      .count();
              HttpResponse<String> answer = ask(method, path, "?colour=red");
              assertThat(answer.body()).as(method + " " + path).contains("'colour' is not known");
              String expected = answer.body().replaceAll(".*expected ([^.]*)\\..*", "$1");
              assertThat(expected.equals("none") ? 0 : expected.split(",", -1).length)
                  .as(method + " " + path)
                  .isEqualTo((int) count);
            }));
  }
}
