package io.ossmount.operator.report;

import io.ossmount.api.EventReasons;
import io.ossmount.api.v1alpha1.Condition;
import java.util.Set;

/**
 * Types and reasons of conditions and Events: users and tests rely on them. The reasons of an
 * unreachable bucket are those of {@code StoreCheck.reason} in the control service.
 */
final class Reasons {
  static final String READY = "Ready";
  static final String CREDENTIALS_RESOLVED = "CredentialsResolved";
  static final String BUCKET_REACHABLE = "BucketReachable";
  static final String CACHE_PODS_READY = "CachePodsReady";
  static final String UPDATE_PENDING = "UpdatePending";
  static final String MOUNTS_READY = "MountsReady";

  static final String RESET_PENDING = "ResetPending";

  /** A type, and its reason when it is so; also the reason that nothing is ready. */
  static final String SUSPENDED = Condition.SUSPENDED;

  static final String WRITES_PENDING = "WritesPending";

  /** Only False: it is absent while no broken volume is known. */
  static final String VOLUMES_HEALTHY = "VolumesHealthy";

  static final String VOLUME_ABORTED = EventReasons.VOLUME_ABORTED;
  static final String VOLUME_DISCONNECTED = "VolumeDisconnected";

  static final String UPLOADED = "Uploaded";
  static final String UPLOADING = "Uploading";
  static final String STORE_UNREACHABLE = "StoreUnreachable";
  static final String CACHE_POD_AWAY = "CachePodAway";
  static final String NODE_GONE = "NodeGone";
  static final String PENDING_FORGOTTEN = "PendingForgotten";
  static final String WRITE_CONFLICT = "WriteConflict";

  static final String RESOLVED = "Resolved";
  static final String SECRET_MISSING = "SecretMissing";
  static final String SECRET_KEY_MISSING = "SecretKeyMissing";
  static final String SECRET_UNREADABLE = "SecretUnreadable";

  static final String REACHABLE = "Reachable";
  static final String CHECKING = "Checking";
  static final String NOT_CHECKED = "NotChecked";
  static final String ENDPOINT_MISSING = "EndpointMissing";
  static final String DIRECTORY_EMPTY = "DirectoryEmpty";
  static final String HIDES_FILE = "HidesFile";

  static final String CACHE_POD_REJECTED = "CachePodRejected";
  static final String SECRET_REJECTED = "SecretRejected";
  static final String CACHE_POD_PENDING = "CachePodPending";
  static final String CACHE_POD_FAILING = "CachePodFailing";
  static final String CACHE_POD_STARTING = "CachePodStarting";
  static final String CACHE_POD_UNREACHABLE = "CachePodUnreachable";
  static final String CONFIGURATION_NOT_TAKEN = "ConfigurationNotTaken";
  static final String NO_NODE = "NoNode";
  static final String ALL_READY = "AllReady";
  static final String NONE_NEEDED = "NoneNeeded";

  static final String UP_TO_DATE = "UpToDate";
  static final String VOLUMES_IN_USE = "VolumesInUse";
  static final String REPLACING = "Replacing";
  static final String UPDATING = "Updating";
  static final String UPDATE_STOPPED = "UpdateStopped";

  static final String ENDING = "Ending";
  static final String IN_PROGRESS = "InProgress";
  static final String RESET_DONE = "ResetDone";
  static final String RESET_FAILING = "ResetFailing";
  static final String RESET_INVALID = "ResetInvalid";

  static final String SERVING = "Serving";
  static final String IDLE = "Idle";
  static final String DELETION_BLOCKED = "DeletionBlocked";

  /** What passes by itself: nobody has to act. */
  private static final Set<String> PASSING = Set.of(CACHE_POD_STARTING, CHECKING);

  /** What leaves the OssMount ready, and somebody should know. */
  private static final Set<String> WARNINGS =
      Set.of(DIRECTORY_EMPTY, UPDATE_STOPPED, RESET_FAILING, RESET_INVALID, NODE_GONE);

  private Reasons() {}

  static boolean warns(String reason) {
    return WARNINGS.contains(reason);
  }

  static boolean mustAct(String reason) {
    return !PASSING.contains(reason);
  }
}
