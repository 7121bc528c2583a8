package io.ossmount.emulator.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.fault.Fault;
import java.time.Duration;
import java.util.Optional;

/**
 * Rules as JSON. All fields but "effect" may be left out:
 *
 * <pre>{@code
 * {"operation": "GetObject", "method": "GET", "bucket": "b", "key": "a/*",
 *  "from": 2, "times": 3, "probability": 0.5,
 *  "effect": {"type": "answer", "status": 503, "code": "SlowDown"}}
 * }</pre>
 *
 * Other effects: {@code {"type": "delay", "millis": 100}}, {@code {"type": "slow-body",
 * "bytesPerSecond": 1000}}, {@code {"type": "cut-body", "bytes": 10, "reset": false}}, {@code
 * {"type": "reset", "carriedOut": true}}, {@code {"type": "flip-bit", "offset": 0}}, {@code
 * {"type": "wrong-crc"}}.
 */
final class FaultJson {
  private static final String TYPE = "type";

  private FaultJson() {}

  static Fault read(JsonNode json) {
    Fields fields =
        Fields.of(
            json, "operation", "method", "bucket", "key", "from", "times", "probability", "effect");
    Optional<Operation> operation =
        fields
            .text("operation")
            .map(name ->
                Operation.named(name)
                    .orElseThrow(() -> new IllegalArgumentException("no operation " + name)));
    JsonNode effect =
        fields
            .get("effect")
            .orElseThrow(() -> new IllegalArgumentException("\"effect\" is missing"));
    return new Fault(
        operation,
        fields.text("method"),
        fields.text("bucket"),
        fields.text("key"),
        Math.toIntExact(fields.number("from", 1)),
        Math.toIntExact(fields.number("times", Integer.MAX_VALUE)),
        fields.fraction("probability", 1),
        effect(effect));
  }

  private static Effect effect(JsonNode json) {
    String type = json.path(TYPE).asText();
    return switch (type) {
      case "answer" -> {
        Fields fields = Fields.of(json, TYPE, "status", "code", "message");
        String code = fields.text("code").orElse("InternalError");
        yield new Effect.Answer(
            Math.toIntExact(fields.number("status", 500)),
            code,
            fields.text("message").orElse("Injected fault: " + code + "."));
      }
      case "delay" ->
          new Effect.Delay(
              Duration.ofMillis(Fields.of(json, TYPE, "millis").number("millis", 1000)));
      case "slow-body" ->
          new Effect.SlowBody(
              Fields.of(json, TYPE, "bytesPerSecond").number("bytesPerSecond", 1024));
      case "cut-body" -> {
        Fields fields = Fields.of(json, TYPE, "bytes", "reset");
        yield new Effect.CutBody(fields.number("bytes", 0), fields.truth("reset", false));
      }
      case "reset" ->
          new Effect.Reset(Fields.of(json, TYPE, "carriedOut").truth("carriedOut", false));
      case "flip-bit" -> new Effect.FlipBit(Fields.of(json, TYPE, "offset").number("offset", 0));
      case "wrong-crc" -> new Effect.WrongCrc();
      default -> throw new IllegalArgumentException("no effect \"" + type + "\"");
    };
  }

  static ObjectNode write(Fault fault) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    fault.operation().ifPresent(operation -> json.put("operation", operation.apiName()));
    fault.method().ifPresent(method -> json.put("method", method));
    fault.bucket().ifPresent(bucket -> json.put("bucket", bucket));
    fault.key().ifPresent(key -> json.put("key", key));
    json.put("from", fault.from());
    if (fault.times() < Integer.MAX_VALUE) {
      json.put("times", fault.times());
    }
    json.put("probability", fault.probability());
    json.set("effect", write(fault.effect()));
    return json;
  }

  private static ObjectNode write(Effect effect) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (effect) {
      case Effect.Answer answer ->
          json.put(TYPE, "answer")
              .put("status", answer.status())
              .put("code", answer.code())
              .put("message", answer.message());
      case Effect.Delay delay -> json.put(TYPE, "delay").put("millis", delay.duration().toMillis());
      case Effect.SlowBody slow ->
          json.put(TYPE, "slow-body").put("bytesPerSecond", slow.bytesPerSecond());
      case Effect.CutBody cut ->
          json.put(TYPE, "cut-body").put("bytes", cut.bytes()).put("reset", cut.isReset());
      case Effect.Reset reset -> json.put(TYPE, "reset").put("carriedOut", reset.isCarriedOut());
      case Effect.FlipBit flip -> json.put(TYPE, "flip-bit").put("offset", flip.offset());
      case Effect.WrongCrc _ -> json.put(TYPE, "wrong-crc");
    };
  }
}
