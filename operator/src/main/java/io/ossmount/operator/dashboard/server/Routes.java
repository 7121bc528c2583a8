package io.ossmount.operator.dashboard.server;

import java.util.ArrayList;
import java.util.List;

/** Which page a request means. Pure. */
final class Routes {
  /** What stands for any segment in the pattern of a path. */
  static final String ANY = "*";

  private final List<Route> table;

  /** Makes the answer; {@code variables} are the segments at {@link #ANY}, in order. */
  @FunctionalInterface
  interface Handler {
    /** The answer. */
    Response answer(Request request, List<String> variables);
  }

  /** A line of the table. */
  record Route(String method, List<String> pattern, Handler handler) {}

  /** What a request means. */
  sealed interface Meaning {
    /** This page. */
    record Page(Handler handler, List<String> variables) implements Meaning {}

    /** A page that is there for other methods. */
    record OtherMethod() implements Meaning {}

    /** Nothing. */
    record Nothing() implements Meaning {}
  }

  Routes(List<Route> table) {
    this.table = List.copyOf(table);
  }

  Meaning of(String method, List<String> path) {
    // Whose body is left out by the server.
    var asked = method.equals("HEAD") ? "GET" : method;
    boolean isThere = false;
    for (var route : table) {
      if (matches(route.pattern(), path)) {
        isThere = true;
        if (route.method().equals(asked)) {
          return new Meaning.Page(route.handler(), variables(route.pattern(), path));
        }
      }
    }
    return isThere ? new Meaning.OtherMethod() : new Meaning.Nothing();
  }

  private static boolean matches(List<String> pattern, List<String> path) {
    if (pattern.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!pattern.get(i).equals(ANY) && !pattern.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> variables(List<String> pattern, List<String> path) {
    var variables = new ArrayList<String>();
    for (int i = 0; i < path.size(); i++) {
      if (pattern.get(i).equals(ANY)) {
        variables.add(path.get(i));
      }
    }
    return variables;
  }
}
