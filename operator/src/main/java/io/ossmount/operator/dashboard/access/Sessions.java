package io.ossmount.operator.dashboard.access;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Browsers that have given a token. The token stays here, in memory; the browser has a random name
 * of the session. At most {@value #MOST}: for one more, that which was not used for longest ends.
 * Safe for use by many threads.
 */
public final class Sessions {
  /** Longest life of a session. */
  public static final Duration LIFE = Duration.ofHours(8);

  private static final Duration IDLE = Duration.ofHours(1);
  private static final int MOST = 1_000;
  private static final int ID_BYTES = 32;

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final LinkedHashMap<String, Kept> sessions = new LinkedHashMap<>(16, 0.75f, true);

  private record Kept(Session session, Instant end, Instant used) {}

  /**
   * A session.
   *
   * @param id secret of the browser
   * @param token of the user
   * @param formToken shows that a form comes from a page of this session
   */
  public record Session(String id, String token, String formToken) {
    @Override
    public String toString() {
      return "Session[redacted]";
    }
  }

  /** None yet. */
  public Sessions(Clock clock) {
    this.clock = clock;
  }

  /** Begins one. */
  public synchronized Session begin(String token) {
    var now = clock.instant();
    var session = new Session(secret(), token, secret());
    sessions.put(session.id(), new Kept(session, now.plus(LIFE), now));
    var oldest = sessions.entrySet().iterator();
    while (sessions.size() > MOST) {
      oldest.next();
      oldest.remove();
    }
    return session;
  }

  /** The session of this name, if it has not ended; uses it. */
  public synchronized Optional<Session> find(String id) {
    var kept = sessions.get(id);
    if (kept == null) {
      return Optional.empty();
    }
    var now = clock.instant();
    if (!now.isBefore(kept.end()) || !now.isBefore(kept.used().plus(IDLE))) {
      sessions.remove(id);
      return Optional.empty();
    }
    sessions.put(id, new Kept(kept.session(), kept.end(), now));
    return Optional.of(kept.session());
  }

  /** Ends one. */
  public synchronized void end(String id) {
    sessions.remove(id);
  }

  private String secret() {
    var bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
