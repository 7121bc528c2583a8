package io.ossmount.operator.dashboard;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.ossmount.api.v1alpha1.OssMount;
import io.ossmount.operator.control.DirectoryAnswer;
import io.ossmount.operator.control.DirectoryAnswer.Counted;
import io.ossmount.operator.control.DirectoryAnswer.Entry;
import io.ossmount.operator.control.PodAddress;
import io.ossmount.operator.control.PodTraffic;
import io.ossmount.operator.dashboard.access.Reviews;
import io.ossmount.operator.dashboard.access.Viewer;
import io.ossmount.operator.dashboard.history.History;
import io.ossmount.operator.dashboard.page.MountDetail;
import io.ossmount.operator.dashboard.source.Surroundings;
import io.ossmount.operator.observe.MountSight;
import io.ossmount.operator.observe.ObservedVolume;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** OssMounts, their traffic and their files, as a cluster in use would have them. */
public final class DashboardScene {
  /** Sees everything. */
  public static final String ADMIN = "token-of-admin";

  /** Sees the namespace {@code ml}. */
  public static final String ANNA = "token-of-anna";

  private static final PodAddress POD = new PodAddress("pod-1", "c", "10.0.0.1", "n");

  private DashboardScene() {}

  /** One that serves, one whose Secret is wrong, one that is being updated. */
  public static List<OssMount> mounts() {
    return List.of(
        mount(
            "ml",
            "training-data",
            """
            observedGeneration: 3
            nodesReady: 2/2
            volumes: 3
            cache: {capacity: 1000Gi, used: 412Gi, hitPercent: 97}
            cachePods:
            - {node: gpu-1, name: training-data-x7k2p, uid: pod-1, ready: true, sessions: 2, used: 206Gi}
            - {node: gpu-2, name: training-data-b4m9q, uid: pod-2, ready: true, sessions: 1, used: 206Gi}
            conditions:
            - {type: Ready, status: "True", reason: Serving, message: 2 of 2 nodes serve, lastTransitionTime: "2026-02-26T08:00:00Z"}
            - {type: CredentialsResolved, status: "True", reason: SecretFound, message: the Secret oss-credentials has both keys, lastTransitionTime: "2026-02-26T07:59:00Z"}
            - {type: BucketReachable, status: "True", reason: Reachable, message: the bucket answers, lastTransitionTime: "2026-02-26T08:00:00Z"}
            - {type: CachePodsReady, status: "True", reason: AllReady, message: 2 of 2 cache pods are ready, lastTransitionTime: "2026-02-26T08:00:00Z"}
            - {type: UpdatePending, status: "False", reason: UpToDate, message: all cache pods are as they should be, lastTransitionTime: "2026-02-26T08:00:00Z"}
            """),
        mount(
            "eval",
            "images",
            """
            nodesReady: 0/1
            volumes: 0
            conditions:
            - {type: Ready, status: "False", reason: SecretKeyMissing, message: the Secret oss-credentials has no key accessKeySecret, lastTransitionTime: "2026-03-01T11:58:00Z"}
            """),
        mount(
            "ml",
            "checkpoints",
            """
            nodesReady: 1/2
            volumes: 1
            cache: {capacity: 500Gi, used: 31Gi, hitPercent: 64}
            conditions:
            - {type: Ready, status: "False", reason: CachePodNotReady, message: 1 of 2 nodes serve, lastTransitionTime: "2026-03-01T11:55:00Z"}
            """));
  }

  /** An OssMount with this status, in YAML; "": none. */
  public static OssMount mount(String namespace, String name, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: ossmount.io/v1alpha1
        kind: OssMount
        metadata: {name: %s, namespace: %s, uid: uid-%s}
        spec:
          bucket: my-bucket
          directory: datasets/imagenet
          endpoint: oss-cn-shanghai-internal.aliyuncs.com
          secretRef: {name: oss-credentials}
        %s\
        """
            .formatted(
                name,
                namespace,
                name,
                status.isEmpty() ? "" : "status:\n" + recent(status).indent(2)),
        OssMount.class);
  }

  /** As if all of it had happened in the last days. */
  private static String recent(String status) {
    var today = LocalDate.now(ZoneOffset.UTC);
    return status
        .replace("2026-02-26", today.minusDays(3).toString())
        .replace("2026-03-01", today.minusDays(1).toString());
  }

  /** All about one of them. */
  public static MountDetail detail(OssMount mount, Instant now) {
    var history = history(now);
    var uid = mount.getMetadata().getUid();
    return new MountDetail(
        mount,
        List.of(new MountDetail.Volume("pvc-1", "ml/training-data", List.of("gpu-1", "gpu-2"))),
        history.of(uid, now, Duration.ofMinutes(1)),
        history.since(uid).orElse(null),
        history.uploads(uid, now),
        null,
        events(mount, now),
        now);
  }

  /** An hour in which a cache gets warm, and files go up now and then. */
  public static History history(Instant now) {
    var history = new History();
    var start = now.minus(Duration.ofMinutes(70));
    double hit = 0;
    double miss = 0;
    double sent = 0;
    long requests = 0;
    double nanos = 0;
    var latencies = new ArrayList<>(Collections.nCopies(17, 0L));
    for (int i = 0; i <= 420; i++) {
      double warm = 1 - Math.exp(-i / 90.0);
      double load = (1.6 + Math.sin(i / 23.0) + 0.35 * Math.sin(i / 5.0)) * (900L << 20);
      boolean isIdle = i > 230 && i < 265;
      hit += isIdle ? 0 : load * 10 * warm;
      miss += isIdle ? 0 : load * 10 * (1 - warm) * 0.4;
      sent += i % 120 > 95 ? 10.0 * (180 << 20) : 0;
      long more = isIdle ? 20 : 400 + (long) (2_000 * (1 - warm));
      requests += more;
      nanos += more * (7e6 + 2.5e6 * Math.sin(i / 31.0));
      latencies.set(3, latencies.get(3) + more * 70 / 100);
      latencies.set(4, latencies.get(4) + more * 27 / 100);
      int slow = i % 60 > 45 ? 6 : 5;
      latencies.set(slow, latencies.get(slow) + more * 3 / 100);
      history.told(
          "uid-training-data",
          POD,
          start.plusSeconds(10L * i),
          new PodTraffic(
              (long) hit,
              (long) miss,
              (long) (miss * 1.1),
              (long) sent,
              (long) (hit / 131_072),
              requests,
              0,
              (long) nanos,
              latencies,
              new PodTraffic.Uploads(
                  2,
                  9L << 30,
                  5L << 30,
                  List.of(
                      new PodTraffic.Upload("checkpoints/step-2000.pt", 8L << 30, 5L << 30),
                      new PodTraffic.Upload("logs/epoch-12.json", 1L << 20, 0)))));
    }
    return history;
  }

  /** What pods say of their files. */
  public static DirectoryAnswer files(PodAddress pod, String path, String pageToken, int pageSize) {
    return switch (path) {
      case "" ->
          new DirectoryAnswer.Page(
              List.of(
                  new Entry("test", true, 13L << 30, 3L << 30, null, false, Counted.WHOLE),
                  new Entry("train", true, 138L << 30, 138L << 30, null, false, Counted.AT_LEAST),
                  new Entry("val", true, 6L << 30, 0, null, false, Counted.WHOLE),
                  new Entry(
                      "LOC_synset_mapping.txt",
                      false,
                      31_675,
                      31_675,
                      Instant.parse("2026-01-12T03:04:00Z"),
                      false,
                      Counted.WHOLE),
                  new Entry("notes.md", false, 2_048, 2_048, null, true, Counted.WHOLE)),
              "");
      case "train" ->
          new DirectoryAnswer.Page(
              IntStream.range(0, 12)
                  .mapToObj(i ->
                      new Entry(
                          "n0%d_%04d.JPEG".formatted(1440764 + i, i * 37),
                          false,
                          110_000 + 971L * i,
                          i % 4 == 3 ? 65_536 : 110_000 + 971L * i,
                          Instant.parse("2026-01-12T03:04:00Z").plusSeconds(i * 61L),
                          false,
                          Counted.WHOLE))
                  .toList(),
              pageToken.isEmpty() ? "2" : "");
      default -> new DirectoryAnswer.Missing();
    };
  }

  /** Kubernetes with two users. */
  public static Reviews reviews() {
    return new Reviews() {
      @Override
      public Optional<Viewer> viewer(String token) {
        return switch (token) {
          case ADMIN -> Optional.of(viewerOf("admin"));
          case ANNA -> Optional.of(viewerOf("system:serviceaccount:ml:anna"));
          default -> Optional.empty();
        };
      }

      @Override
      public boolean mayGetMounts(Viewer viewer, @Nullable String namespace) {
        return viewer.name().equals("admin") || "ml".equals(namespace);
      }
    };
  }

  private static Viewer viewerOf(String name) {
    return new Viewer(name, "uid", List.of(), Map.of());
  }

  /** The OssMounts as informers would know them. */
  public static MountSight sight() {
    var mounts = mounts();
    return new MountSight(
        new ResourceCache<>() {
          @Override
          public Stream<OssMount> list(Predicate<OssMount> predicate) {
            return mounts.stream().filter(predicate);
          }

          @Override
          public Stream<OssMount> list(String namespace, Predicate<OssMount> predicate) {
            return list(mount ->
                mount.getMetadata().getNamespace().equals(namespace) && predicate.test(mount));
          }

          @Override
          public Optional<OssMount> get(ResourceID id) {
            return list(mount -> ResourceID.fromResource(mount).equals(id)).findFirst();
          }

          @Override
          public Stream<ResourceID> keys() {
            return mounts.stream().map(ResourceID::fromResource);
          }
        },
        _ ->
            List.of(
                new ObservedVolume(
                    "pvc-7c1d",
                    new ObservedVolume.Claim("ml", "training-data"),
                    Set.of("gpu-1", "gpu-2")),
                new ObservedVolume(
                    "pvc-a90e", new ObservedVolume.Claim("eval", "shared"), Set.of())));
  }

  /** What else Kubernetes knows. */
  public static Surroundings surroundings(Instant now) {
    return new Surroundings() {
      @Override
      public Optional<List<Event>> events(OssMount mount) {
        return Optional.of(DashboardScene.events(mount, now));
      }

      @Override
      public Optional<List<GenericKubernetesResource>> tests(OssMount mount) {
        return Optional.empty();
      }
    };
  }

  private static List<Event> events(OssMount mount, Instant now) {
    return List.of(
        event(
            mount,
            now.minusSeconds(95),
            "Warning",
            "Unhealthy",
            "Readiness probe failed: HTTP 503",
            3),
        event(mount, now.minusSeconds(2400), "Normal", "Serving", "2 of 2 nodes serve", 1));
  }

  private static Event event(
      OssMount mount, Instant last, String type, String reason, String message, int count) {
    var event = new Event();
    event.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMeta());
    event.setInvolvedObject(
        new io.fabric8.kubernetes.api.model.ObjectReferenceBuilder()
            .withKind("OssMount")
            .withName(mount.getMetadata().getName())
            .build());
    event.setLastTimestamp(last.toString());
    event.setType(type);
    event.setReason(reason);
    event.setMessage(message);
    event.setCount(count);
    return event;
  }
}
