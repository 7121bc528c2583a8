package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.fault.Effect;
import io.ossmount.emulator.http.HangUp;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.ResponseBody;
import java.util.List;

/** Makes the effects of faults happen to one request. */
final class Injection {
  private final List<Effect> effects;

  Injection(List<Effect> effects) {
    this.effects = List.copyOf(effects);
  }

  boolean isEmpty() {
    return effects.isEmpty();
  }

  /**
   * What happens before the request is looked at.
   *
   * @throws OssException it is answered with an error
   * @throws HangUp the connection is reset
   */
  void before() throws HangUp {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Delay delay -> Pause.of(delay.duration());
        case Effect.Reset reset when !reset.isCarriedOut() -> throw new HangUp(true);
        case Effect.Answer answer ->
            throw new OssException(answer.status(), answer.code(), answer.message());
        default -> {}
      }
    }
  }

  /**
   * What happens to the answer.
   *
   * @throws HangUp the connection is reset instead
   */
  HttpResponse after(HttpResponse response) throws HangUp {
    HttpResponse changed = response;
    for (Effect effect : effects) {
      changed =
          switch (effect) {
            case Effect.Reset _ -> throw new HangUp(true);
            case Effect.WrongCrc _ -> wrongCrc(changed);
            case Effect.SlowBody slow -> changed.with(body(changed.body(), slow));
            case Effect.CutBody cut -> changed.with(body(changed.body(), cut));
            case Effect.FlipBit flip -> changed.with(body(changed.body(), flip));
            case Effect.Delay _ -> changed;
            case Effect.Answer _ -> changed;
          };
    }
    return changed;
  }

  private static HttpResponse wrongCrc(HttpResponse response) {
    String right = response.headers().get(Headers.CRC64);
    return right == null
        ? response
        : response.with(Headers.CRC64, Long.toUnsignedString(Long.parseUnsignedLong(right) ^ 1L));
  }

  private static ResponseBody body(ResponseBody body, Effect effect) {
    return FilteredBody.of(
        body,
        sink ->
            switch (effect) {
              case Effect.SlowBody slow -> new SlowSink(sink, slow.bytesPerSecond());
              case Effect.CutBody cut -> new CutSink(sink, cut.bytes(), cut.isReset());
              case Effect.FlipBit flip -> new FlipSink(sink, flip.offset());
              default -> throw new IllegalArgumentException("not of a body: " + effect);
            });
  }
}
