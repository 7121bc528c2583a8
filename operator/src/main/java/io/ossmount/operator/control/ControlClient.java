package io.ossmount.operator.control;

import io.ossmount.proto.control.v1.GetStatusResponse;

/** One way to ask a cache pod. The product's is {@link GrpcControlClient}; tests have their own. */
interface ControlClient extends AutoCloseable {
  /**
   * Asks a pod, and waits for the answer no longer than the client's deadline. For many threads.
   *
   * @throws io.grpc.StatusRuntimeException if the pod does not answer
   */
  GetStatusResponse status(PodAddress pod);

  /** Forgets a pod that is gone. */
  void forget(String podUid);

  @Override
  void close();
}
