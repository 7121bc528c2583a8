package io.ossmount.chaos;

import io.ossmount.chaos.Finding.SeenError;
import io.ossmount.chaos.Schedule.Injection;
import io.ossmount.chaos.fault.Fault;
import io.ossmount.chaos.fault.Fault.Outcome;
import io.ossmount.chaos.fault.Form;
import io.ossmount.chaos.fault.Moment;
import io.ossmount.chaos.fault.Moment.Noted;
import io.ossmount.chaos.judge.Allowed;
import io.ossmount.chaos.judge.Healing;
import io.ossmount.chaos.judge.Outage;
import io.ossmount.chaos.judge.Pauses;
import io.ossmount.chaos.scene.Await;
import io.ossmount.chaos.scene.Scene;
import io.ossmount.chaos.work.Event;
import io.ossmount.chaos.work.Operation;
import io.ossmount.chaos.work.WorkKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One fault: done, waited for, looked at. */
final class Round<S extends Scene> {
  /** Within this, every workload goes on by itself. */
  private static final Duration RECOVERY = Duration.ofSeconds(45);

  /** To begin is no operation yet. */
  private static final int BEGUN = 2;

  private static final int REST_MILLIS = 500;
  private static final int MOST_TRIES = 5;

  private final S scene;
  private final Workers workers;
  private final Aftermath aftermath;
  private final LostWrites lostWrites;
  private final StagingFiles staging;
  private final Form form;
  private final Coverage coverage = new Coverage();
  private final List<String> late = new ArrayList<>();
  private final Set<String> relapses = new HashSet<>();

  /** What workloads may see until the next fault. */
  private Function<WorkKind, Allowed> allowed = _ -> Allowed.pause(RECOVERY);

  private long faultAt = System.nanoTime();

  /** When that was begun to be done. */
  private long begunAt = faultAt;

  Round(S scene, Workers workers, Aftermath aftermath, Form form, Patience patience) {
    this.form = form;
    this.scene = scene;
    this.workers = workers;
    this.aftermath = aftermath;
    this.lostWrites =
        new LostWrites(new WrittenObjects(scene.emulator()), workers.ledger(), patience.settles());
    this.staging = new StagingFiles(scene::staging, patience.claims());
  }

  /**
   * What was not allowed and came after the last look at the last fault; one line each. Before the
   * first fault, and when workloads were started anew, no error is allowed.
   */
  List<String> between() {
    var events = workers.unread();
    late.addAll(
        new Finding(
                "between",
                0,
                List.of(),
                gaps(events),
                errors(events),
                wrong(events),
                List.of(),
                List.of(),
                newRelapses())
            .violations(allowed));
    var all = List.copyOf(late);
    late.clear();
    return all;
  }

  Finding play(Injection<S> injection) throws IOException, InterruptedException {
    allowed = injection.kind()::allowed;
    var random = new SplittableRandom(injection.seed());
    var failures = new ArrayList<String>();
    var begun = Instant.now();
    long from = System.nanoTime();
    begunAt = from;
    relapses.clear();
    var fault = injection.kind().fault(form);
    var moment = moment(injection);
    var outcome = fault.inject(scene, random, moment);
    for (int i = 0; i < MOST_TRIES && outcome instanceof Outcome.NotCounted; i++) {
      from = System.nanoTime();
      moment = moment(injection);
      outcome = fault.inject(scene, random, moment);
    }
    coverage.take(injection.row(), moment);
    var waiting = 0;
    long at = moment.noted().map(Noted::at).orElse(from);
    faultAt = at;
    switch (outcome) {
      case Outcome.Happened happened -> {
        waiting = happened.waiting();
        workers.note("fault\t" + injection.kind().title() + "\t" + at);
      }
      case Outcome.Failed failed -> failures.add(failed.why());
      case Outcome.NotCounted not -> failures.add("not counted: " + not.why());
    }
    var going = workers.kinds().stream().filter(injection.kind()::isOutlivedBy).toList();
    var stuck = awaitWorkloads(going);
    stuck.forEach(kind ->
        failures.add("%s did not go on within %d s".formatted(kind.title(), RECOVERY.toSeconds())));
    TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
    var pauses = pauses(going, at);
    failures.addAll(outage(fault, injection.row(), workers.since(at), at));
    failures.addAll(scene.visit());
    var mustPass = going.contains(WorkKind.PASSTHROUGH);
    var leaks = new ArrayList<>(aftermath.look(fault, begun, mustPass));
    staging.stuck().forEach(file -> leaks.add("not uploaded: " + file));
    var inFlight = moment.noted().map(Noted::underWay).orElse(List.of());
    var finding =
        look(
            injection,
            waiting,
            inFlight.stream().map(Operation::name).toList(),
            pauses,
            leaks,
            failures);
    if (!stuck.isEmpty() || going.size() < workers.kinds().size()) {
      repair(stuck.isEmpty());
    }
    return finding;
  }

  /** What was to go on while OSS was away and did not, or the other way round. */
  private static List<String> outage(Fault<?> fault, String row, List<Event> events, long at) {
    var problems = new ArrayList<String>();
    // After another fault in a mixed row it may be in the cache no more.
    if (fault.leavesCached() && !row.equals(Schedule.MIXED)) {
      problems.addAll(Outage.waits(events, at));
    }
    if (fault.mustBeSeen() && !Outage.isSeen(events)) {
      problems.add("no application saw an error");
    }
    return problems;
  }

  /** The longest ones from the fault until now. */
  private Map<WorkKind, Duration> pauses(List<WorkKind> kinds, long fault) {
    var now = System.nanoTime();
    var events = workers.since(fault);
    var pauses = new EnumMap<WorkKind, Duration>(WorkKind.class);
    for (var kind : kinds) {
      var progress = workers.board().lastProgress(kind);
      pauses.put(kind, Pauses.longest(events, kind, fault, now, progress));
    }
    return pauses;
  }

  private Finding look(
      Injection<S> injection,
      int waiting,
      List<String> inFlight,
      Map<WorkKind, Duration> pauses,
      List<String> leaks,
      List<String> failures)
      throws IOException, InterruptedException {
    var lost = lostWrites.look();
    failures.addAll(newRelapses());
    var events = workers.unread();
    var longest = new EnumMap<>(pauses);
    // What is too long is told also when it came while all this was looked at.
    gaps(events).entrySet().stream()
        .filter(gap -> pauses.containsKey(gap.getKey()))
        .filter(gap -> gap.getValue().compareTo(allowed.apply(gap.getKey()).pause()) > 0)
        .forEach(gap -> longest.merge(gap.getKey(), gap.getValue(), Round::longer));
    return new Finding(
        injection.row(),
        waiting,
        inFlight,
        longest,
        errors(events),
        wrong(events),
        lost,
        leaks,
        failures);
  }

  /** Of the mount since the fault, that were not told yet. */
  private List<String> newRelapses() {
    var signs =
        workers.kinds().stream()
            .map(allowed)
            .map(Allowed::signsOfDeath)
            .flatMap(Set::stream)
            .collect(Collectors.toSet());
    return Healing.relapses(workers.since(begunAt), signs).stream().filter(relapses::add).toList();
  }

  /** The longest ones since the fault. */
  private Map<WorkKind, Duration> gaps(List<Event> events) {
    var gaps = new EnumMap<WorkKind, Duration>(WorkKind.class);
    for (var event : events) {
      if (event instanceof Event.Gap gap) {
        var since = Duration.ofNanos(gap.to() - faultAt - Math.max(gap.from() - faultAt, 0));
        gaps.merge(gap.kind(), since, Round::longer);
      }
    }
    return gaps;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Map<SeenError, Integer> errors(List<Event> events) {
    var errors = new HashMap<SeenError, Integer>();
    for (var event : events) {
      if (event instanceof Event.Failed e) {
        errors.merge(new SeenError(e.kind(), e.operation().name(), e.errno()), 1, Integer::sum);
      }
    }
    return errors;
  }

  private static List<String> wrong(List<Event> events) {
    return events.stream()
        .filter(Event.Wrong.class::isInstance)
        .map(Event.Wrong.class::cast)
        .map(event -> event.kind().title() + ": " + event.detail())
        .toList();
  }

  /** Those that did not go on in time. */
  private List<WorkKind> awaitWorkloads(List<WorkKind> kinds)
      throws IOException, InterruptedException {
    var since = System.nanoTime();
    var stuck = new ArrayList<WorkKind>();
    var _ =
        Await.until(
            RECOVERY,
            () -> {
              stuck.clear();
              kinds.stream()
                  .filter(kind -> workers.board().lastProgress(kind) - since <= 0)
                  .forEach(stuck::add);
              return stuck.isEmpty();
            });
    return stuck;
  }

  /** So that the next fault finds all well; the finding has told of this one already. */
  private void repair(boolean isWell) throws IOException, InterruptedException {
    workers.kill();
    late.addAll(between());
    if (!isWell) {
      scene.mend();
    }
    allowed = _ -> Allowed.pause(RECOVERY);
    faultAt = System.nanoTime();
    begunAt = faultAt;
    relapses.clear();
    var before =
        workers.kinds().stream()
            .collect(Collectors.toMap(kind -> kind, workers.board()::operations));
    workers.restart();
    if (!Await.until(
        RECOVERY,
        () ->
            before.entrySet().stream()
                .allMatch(entry ->
                    workers.board().operations(entry.getKey()) - entry.getValue() >= BEGUN))) {
      throw new IOException("it does not get well, not even with a new mount");
    }
  }

  private Moment moment(Injection<S> injection) {
    return new Moment(this::underWay, Optional.of(coverage.rarest(injection.row())));
  }

  private List<Operation> underWay() {
    return workers.kinds().stream()
        .map(workers.board()::inFlight)
        .flatMap(Optional::stream)
        .toList();
  }
}
