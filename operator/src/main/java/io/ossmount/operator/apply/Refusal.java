package io.ossmount.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** What the API server will not have, told from what went wrong. */
public final class Refusal {
  static final int UNPROCESSABLE = 422;

  private Refusal() {}

  /**
   * The words of quota, admission or validation, which refuse with these codes; anything else is a
   * fault.
   */
  public static String words(KubernetesClientException e) {
    if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN
        && e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST
        && e.getCode() != UNPROCESSABLE) {
      throw e;
    }
    var status = e.getStatus();
    return status == null || status.getMessage() == null
        ? "it answers " + e.getCode()
        : status.getMessage();
  }

  /** Whether the object is gone, or another one by now; its next event brings it here again. */
  static boolean isOutdated(KubernetesClientException e, String name) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT
        || (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && names(e, name));
  }

  /** Else it is the address that is not known: an API server without this subresource. */
  private static boolean names(KubernetesClientException e, String name) {
    var status = e.getStatus();
    return status != null
        && status.getDetails() != null
        && name.equals(status.getDetails().getName());
  }
}
