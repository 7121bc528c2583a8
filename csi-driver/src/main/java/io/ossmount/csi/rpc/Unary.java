package io.ossmount.csi.rpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;

/** The one way in which a method of a service answers. */
public final class Unary {
  private Unary() {}

  /** Sends what {@code work} returns, or the status of what it throws. */
  public static <T> void unary(StreamObserver<T> reply, Callable<T> work) {
    T response;
    try {
      response = work.call();
    } catch (Exception e) {
      reply.onError(GrpcStatus.of(e).asRuntimeException());
      return;
    }
    reply.onNext(response);
    reply.onCompleted();
  }
}
