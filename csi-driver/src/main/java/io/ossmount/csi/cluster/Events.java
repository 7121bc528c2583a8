package io.ossmount.csi.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Tells the users of an object what happened to it: Kubernetes Events. Never waits, never throws;
 * an Event that cannot be written is lost with a line in the log. The same words about the same
 * object are one Event, so a message has no numbers that always change. Thread-safe.
 */
public interface Events {
  /** What an Event is about. */
  record Subject(String apiVersion, String kind, String namespace, String name, String uid) {
    /** A pod of this node. */
    public static Subject of(PodOfNode pod) {
      return new Subject("v1", "Pod", pod.namespace(), pod.name(), pod.uid());
    }

    /** An object that was read from the API server, for instance an OssMount. */
    public static Subject of(HasMetadata object) {
      var metadata = object.getMetadata();
      return new Subject(
          object.getApiVersion(),
          object.getKind(),
          metadata.getNamespace(),
          metadata.getName(),
          metadata.getUid());
    }

    /** For the log. */
    public String label() {
      return kind + " " + namespace + "/" + name;
    }
  }

  /** Something that is as it should be. */
  void note(Subject about, String reason, String message);

  /** Something that a person may have to do something about. */
  void warn(Subject about, String reason, String message);
}
