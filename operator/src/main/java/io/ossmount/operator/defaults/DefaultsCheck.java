package io.ossmount.operator.defaults;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.ossmount.api.v1alpha1.AddressingStyle;
import io.ossmount.api.v1alpha1.Durations;
import io.ossmount.api.v1alpha1.ReadMode;
import io.ossmount.api.v1alpha1.SourceRules;
import io.ossmount.api.v1alpha1.WriteMode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which fields may have a default for the whole cluster, and what may stand in each: what the
 * schema of the OssMount lets stand there.
 */
final class DefaultsCheck {
  private static final long LARGEST_ID = 4_294_967_294L;
  private static final int MOST_REPLICAS = 10_000;
  private static final BigDecimal LEAST_PART = bytes("100Ki");
  private static final BigDecimal MOST_PART = bytes("1Gi");
  private static final BigDecimal LEAST_STAGING = bytes("64Mi");

  private record Rule(Predicate<JsonNode> holds, String message) {}

  private static final Rule DURATION =
      new Rule(value -> millis(value) >= 0, "must be a duration such as 500ms, 60s, 5m or 1h30m");
  private static final Rule POSITIVE_DURATION =
      new Rule(value -> millis(value) > 0, "must be a duration above 0, such as 60s or 5m");
  private static final Rule BYTES =
      new Rule(
          value -> isQuantity(value, BigDecimal.ZERO),
          "must be a quantity of bytes, 0 or more, such as 50Gi");
  private static final Rule MODE =
      new Rule(
          value -> matches(value, "0?[0-7]{3}"),
          "must be a mode in octal and quoted, from \"0000\" to \"0777\"");
  private static final Rule ID =
      new Rule(value -> isWhole(value, LARGEST_ID), "must be an id, from 0 to 4294967294");

  private static final Map<String, Rule> RULES =
      Map.ofEntries(
          entry(
              "endpoint",
              new Rule(
                  value -> matches(value, SourceRules.ENDPOINT),
                  "must be a host with an optional https:// or http:// before and an optional :port"
                      + " behind it")),
          entry(
              "region",
              new Rule(
                  value ->
                      matches(value, SourceRules.REGION) && !value.textValue().startsWith("oss-"),
                  "must be a region such as cn-shanghai, without oss- before it")),
          entry("addressingStyle", oneOf(AddressingStyle.values())),
          entry("metadataCache.attributeTimeout", DURATION),
          entry("metadataCache.listTimeout", DURATION),
          entry("metadataCache.negativeTimeout", DURATION),
          entry(
              "cache.size",
              new Rule(
                  value -> isQuantity(value, BigDecimal.ONE),
                  "must be a quantity of bytes above 0, such as 500Gi")),
          entry("cache.keepFree", BYTES),
          entry("cache.readAhead", BYTES),
          entry("cache.readMode", oneOf(ReadMode.values())),
          entry(
              "cache.replicas",
              new Rule(
                  value -> isWhole(value, MOST_REPLICAS),
                  "must be a number from 0 to " + MOST_REPLICAS)),
          entry("cache.idleTimeout", DURATION),
          entry(
              "cache.resources",
              new Rule(
                  DefaultsCheck::areResources,
                  "must have requests and limits with quantities, such as memory: 1Gi")),
          entry(
              "cache.nodeSelector",
              new Rule(
                  value ->
                      value.isObject()
                          && StreamSupport.stream(value.spliterator(), false)
                              .allMatch(JsonNode::isTextual),
                  "must be labels with their values, all of them text")),
          entry(
              "cache.imagePullSecrets",
              new Rule(
                  value ->
                      value.isArray()
                          && StreamSupport.stream(value.spliterator(), false)
                              .allMatch(item -> matches(item.path("name"), ".+")),
                  "must be a list such as [{name: registry}]")),
          entry("write.mode", oneOf(WriteMode.values())),
          entry(
              "write.partSize",
              new Rule(
                  value -> isQuantity(value, LEAST_PART, MOST_PART),
                  "must be a quantity of bytes from 100Ki to 1Gi, such as 16Mi")),
          entry(
              "write.stagingSize",
              new Rule(
                  value -> isQuantity(value, LEAST_STAGING),
                  "must be a quantity of bytes, 64Mi or more, such as 50Gi")),
          entry("timeouts.connect", POSITIVE_DURATION),
          entry("timeouts.operation", POSITIVE_DURATION),
          entry("recovery.timeout", POSITIVE_DURATION),
          entry("files.uid", ID),
          entry("files.gid", ID),
          entry("files.fileMode", MODE),
          entry("files.directoryMode", MODE));

  private DefaultsCheck() {}

  /** Paths of the fields that may have one. */
  static Set<String> fields() {
    return RULES.keySet();
  }

  /** All that is wrong. */
  static List<String> problems(ObjectNode defaults) {
    var problems = new ArrayList<String>();
    check("", defaults, problems);
    boolean hasEndpoint = defaults.has("endpoint");
    if (!hasEndpoint && (defaults.has("region") || defaults.has("addressingStyle"))) {
      problems.add("defaults.region and defaults.addressingStyle need defaults.endpoint");
    }
    if (hasEndpoint && !defaults.has("region") && !hasRegion(defaults.get("endpoint"))) {
      problems.add("defaults.region is required: it cannot be taken from defaults.endpoint");
    }
    return problems;
  }

  private static void check(String above, ObjectNode object, List<String> problems) {
    for (var field : object.properties()) {
      var path = above + field.getKey();
      var rule = RULES.get(path);
      if (rule != null) {
        if (!rule.holds().test(field.getValue())) {
          problems.add("defaults." + path + " " + rule.message());
        }
      } else if (RULES.keySet().stream().noneMatch(known -> known.startsWith(path + "."))) {
        problems.add("defaults." + path + " is no field that can have a default");
      } else if (field.getValue() instanceof ObjectNode inner) {
        check(path + ".", inner, problems);
      } else {
        problems.add("defaults." + path + " must be an object");
      }
    }
  }

  private static boolean hasRegion(JsonNode endpoint) {
    return matches(endpoint, SourceRules.ENDPOINT_OF_A_REGION)
        && !endpoint.textValue().contains("oss-accelerate");
  }

  private static boolean matches(JsonNode value, String pattern) {
    return value.isTextual() && value.textValue().matches(pattern);
  }

  private static boolean isWhole(JsonNode value, long most) {
    return value.isIntegralNumber()
        && value.canConvertToLong()
        && value.longValue() >= 0
        && value.longValue() <= most;
  }

  /** -1 of what is no duration. */
  private static long millis(JsonNode value) {
    try {
      return value.isTextual() ? Durations.parse(value.textValue()).toMillis() : -1;
    } catch (IllegalArgumentException _) {
      return -1;
    }
  }

  private static boolean isQuantity(JsonNode value, BigDecimal least) {
    return isQuantity(value, least, null);
  }

  /** Null: there is no most. */
  private static boolean isQuantity(JsonNode value, BigDecimal least, @Nullable BigDecimal most) {
    try {
      if (!value.isValueNode()) {
        return false;
      }
      var amount = bytes(value.asText());
      return amount.compareTo(least) >= 0 && (most == null || amount.compareTo(most) <= 0);
    } catch (IllegalArgumentException | ArithmeticException _) {
      return false;
    }
  }

  private static BigDecimal bytes(String quantity) {
    return new Quantity(quantity).getNumericalAmount();
  }

  /** The names of constants are the values of the API. */
  private static Rule oneOf(Enum<?>... constants) {
    var names = Stream.of(constants).map(Enum::name).toList();
    return new Rule(
        value -> value.isTextual() && names.contains(value.textValue()),
        "must be " + String.join(" or ", names));
  }

  private static boolean areResources(JsonNode value) {
    return value.isObject()
        && value.properties().stream()
            .allMatch(part ->
                List.of("requests", "limits").contains(part.getKey())
                    && part.getValue().isObject()
                    && StreamSupport.stream(part.getValue().spliterator(), false)
                        .allMatch(amount -> isQuantity(amount, BigDecimal.ZERO)));
  }
}
