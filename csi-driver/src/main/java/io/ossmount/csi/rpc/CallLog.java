package io.ossmount.csi.rpc;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One line for each call that changes something or fails. Of a request only those fields are shown
 * that name things: the others may hold secrets and tokens, today or in a later version of CSI.
 */
final class CallLog implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(CallLog.class);
  private static final List<String> SHOWN_FIELDS =
      List.of("name", "volume_id", "target_path", "volume_mount_group", "plugin_registered");
  private static final Set<String> CHANGING =
      Set.of(
          "CreateVolume",
          "DeleteVolume",
          "NodePublishVolume",
          "NodeUnpublishVolume",
          "NotifyRegistrationStatus");

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    var line = new Line(String.valueOf(call.getMethodDescriptor().getBareMethodName()));
    var logged =
        new SimpleForwardingServerCall<Q, R>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            line.log(status);
            super.close(status, trailers);
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(logged, headers)) {
      @Override
      public void onMessage(Q message) {
        line.request = describe(message);
        super.onMessage(message);
      }
    };
  }

  static String describe(Object request) {
    var shown = new StringJoiner(" ");
    if (request instanceof Message message) {
      message.getAllFields().entrySet().stream()
          .filter(field -> SHOWN_FIELDS.contains(field.getKey().getName()))
          .forEach(field -> shown.add(field.getKey().getName() + "=" + field.getValue()));
    }
    return shown.toString();
  }

  private static final class Line {
    private final String method;
    private final long startNanos = System.nanoTime();
    private volatile String request = "";

    private Line(String method) {
      this.method = method;
    }

    private void log(Status status) {
      var level = level(status);
      if (LOG.isEnabledForLevel(level)) {
        LOG.atLevel(level)
            .log(
                "{} {}: {} in {} ms {}",
                method,
                request,
                status.getCode(),
                (System.nanoTime() - startNanos) / 1_000_000,
                status.getDescription() == null ? "" : status.getDescription());
      }
    }

    private Level level(Status status) {
      if (!status.isOk()) {
        return Level.WARN;
      }
      return CHANGING.contains(method) ? Level.INFO : Level.DEBUG;
    }
  }
}
