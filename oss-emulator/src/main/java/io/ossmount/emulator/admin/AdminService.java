package io.ossmount.emulator.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.AccessKeys;
import io.ossmount.emulator.fault.Faults;
import io.ossmount.emulator.http.HttpHandler;
import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.http.ResponseBody;
import io.ossmount.emulator.log.RequestLog;
import io.ossmount.emulator.log.RequestRecord;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Answers:
 *
 * <pre>
 * GET    /health
 * GET    /requests[?operation=GetObject]   what was asked, oldest first
 * DELETE /requests
 * GET    /faults                           rules with their ids and hits
 * POST   /faults                           adds a rule, see {@link FaultJson}; answers {"id": 1}
 * DELETE /faults, /faults/ID
 * GET    /keys                             without their secrets
 * PUT    /keys/ID                          adds or changes a key, see {@link KeyJson}
 * DELETE /keys/ID
 * </pre>
 */
public final class AdminService implements HttpHandler {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_BODY = 64 * 1024;

  private final RequestLog requests;
  private final Faults faults;
  private final AccessKeys keys;

  /** Over the parts of an emulator. */
  public AdminService(RequestLog requests, Faults faults, AccessKeys keys) {
    this.requests = requests;
    this.faults = faults;
    this.keys = keys;
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws IOException {
    String[] path = request.path().substring(1).split("/", 2);
    Optional<String> item =
        path.length > 1 && !path[1].isEmpty()
            ? Optional.of(Percent.decode(path[1]))
            : Optional.empty();
    try {
      return switch (request.method() + " " + path[0]) {
        case "GET health" -> answer(200, JSON.createObjectNode().put("status", "ok"));
        case "GET requests" -> requests(request.query().get("operation"));
        case "DELETE requests" -> done(requests::clear);
        case "GET faults" -> faults();
        case "POST faults" ->
            answer(
                200, JSON.createObjectNode().put("id", faults.add(FaultJson.read(body(request)))));
        case "DELETE faults" -> deleteFaults(item);
        case "GET keys" -> keys();
        case "PUT keys" -> putKey(required(item), body(request));
        case "DELETE keys" -> done(() -> keys.remove(required(item)));
        default -> error(404, "no " + request.method() + " of " + request.path());
      };
    } catch (IllegalArgumentException | IllegalStateException | JsonProcessingException e) {
      return error(400, String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode body(HttpRequest request) throws IOException {
    return JSON.readTree(request.body().readNBytes(LARGEST_BODY));
  }

  private static String required(Optional<String> item) {
    return item.orElseThrow(() -> new IllegalArgumentException("say which: /keys/ID"));
  }

  private HttpResponse requests(Optional<String> operation) {
    Optional<Operation> wanted =
        operation.map(name ->
            Operation.named(name)
                .orElseThrow(() -> new IllegalArgumentException("no operation " + name)));
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("requests");
    for (RequestRecord each : requests.all()) {
      if (wanted.isEmpty() || wanted.get() == each.operation()) {
        list.add(json(each));
      }
    }
    return answer(200, root);
  }

  private static ObjectNode json(RequestRecord request) {
    return JSON.createObjectNode()
        .put("time", request.time().toString())
        .put("requestId", request.requestId())
        .put("operation", request.operation().apiName())
        .put("method", request.method())
        .put("bucket", request.bucket())
        .put("key", request.key())
        .put("range", request.range())
        .put("accessKeyId", request.accessKeyId())
        .put("status", request.status())
        .put("errorCode", request.errorCode())
        .put("bytesIn", request.bytesIn())
        .put("bytesOut", request.bytesOut())
        .put("faulted", request.isFaulted());
  }

  private HttpResponse faults() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("faults");
    for (Faults.Status each : faults.all()) {
      list.add(FaultJson.write(each.fault()).put("id", each.id()).put("hits", each.hits()));
    }
    return answer(200, root);
  }

  private HttpResponse deleteFaults(Optional<String> id) {
    if (id.isEmpty()) {
      return done(faults::clear);
    }
    boolean wasThere = faults.remove(Integer.parseInt(id.get()));
    return wasThere ? done(() -> {}) : error(404, "no fault " + id.get());
  }

  private HttpResponse keys() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("keys");
    keys.all().forEach(key -> list.add(KeyJson.write(key)));
    return answer(200, root);
  }

  private HttpResponse putKey(String id, JsonNode json) {
    AccessKey key = KeyJson.read(id, keys.find(id), json);
    keys.put(key);
    return answer(200, KeyJson.write(key));
  }

  private static HttpResponse done(Runnable action) {
    action.run();
    return new HttpResponse(204, Map.of(), ResponseBody.NONE);
  }

  private static HttpResponse error(int status, String message) {
    return answer(status, JSON.createObjectNode().put("error", message));
  }

  private static HttpResponse answer(int status, JsonNode json) {
    try {
      return new HttpResponse(
          status,
          Map.of("Content-Type", "application/json"),
          ResponseBody.of(JSON.writeValueAsBytes(json)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
