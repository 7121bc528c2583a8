package io.ossmount.operator.defaults;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.ossmount.api.v1alpha1.OssMountSpec;
import java.io.IOException;
import java.io.Serial;

/**
 * Reads OssMounts so that their specs are those in effect.
 *
 * <p>Problem: whoever reads a spec has to see the cluster's defaults, and a record no longer knows
 * which of its fields were absent. Solution: they are put under the JSON of the API server, before
 * records are made of it; a client with this serialization sees no other specs. Cost: what such a
 * client wrote back as a whole spec would have the defaults in it, so the operator writes status
 * and metadata only.
 */
public final class EffectiveSpecs {
  private EffectiveSpecs() {}

  /** What a client reads and writes objects with. */
  public static KubernetesSerialization serialization(ClusterDefaults defaults) {
    var mapper =
        new ObjectMapper()
            .registerModule(
                new SimpleModule("ossmount-defaults")
                    .addDeserializer(OssMountSpec.class, new Completing(defaults)));
    return new KubernetesSerialization(mapper, true);
  }

  private static final class Completing extends StdDeserializer<OssMountSpec> {
    @Serial private static final long serialVersionUID = 1;
    private static final ObjectMapper PLAIN = new ObjectMapper();

    private final transient ClusterDefaults defaults;

    Completing(ClusterDefaults defaults) {
      super(OssMountSpec.class);
      this.defaults = defaults;
    }

    @Override
    public OssMountSpec deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode written = parser.readValueAsTree();
      return PLAIN.treeToValue(
          written instanceof ObjectNode spec ? defaults.under(spec) : written, OssMountSpec.class);
    }
  }
}
