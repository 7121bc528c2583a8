package io.ossmount.csi.fdstore;

import io.ossmount.proto.session.v1.DeadSessions;
import io.ossmount.proto.session.v1.Forget;
import io.ossmount.proto.session.v1.LiveSessions;
import io.ossmount.proto.session.v1.Ping;
import io.ossmount.proto.session.v1.PluginFeature;
import io.ossmount.proto.session.v1.PluginFrame;
import io.ossmount.proto.session.v1.Release;
import io.ossmount.proto.session.v1.Serve;
import io.ossmount.proto.session.v1.ThreadsAnswer;
import io.ossmount.proto.session.v1.Welcome;
import java.util.List;

/** What the plugin says: {@code session/v1/session.proto}. */
final class Frames {
  private Frames() {}

  static PluginFrame serve(SessionInfo session, List<Integer> backing) {
    var serve =
        Serve.newBuilder()
            .setSession(session.name())
            .setOptions(session.options())
            .addAllBackingIds(backing);
    return PluginFrame.newBuilder().setServe(serve).build();
  }

  static PluginFrame forget(String session) {
    return PluginFrame.newBuilder().setForget(Forget.newBuilder().setSession(session)).build();
  }

  static PluginFrame release(String session) {
    return PluginFrame.newBuilder().setRelease(Release.newBuilder().setSession(session)).build();
  }

  static PluginFrame dead(DeadSessions sessions) {
    return PluginFrame.newBuilder().setDeadSessions(sessions).build();
  }

  static PluginFrame live(LiveSessions sessions) {
    return PluginFrame.newBuilder().setLiveSessions(sessions).build();
  }

  static PluginFrame welcome() {
    var welcome = Welcome.newBuilder().addFeatures(PluginFeature.ANSWERS_ASK_THREADS);
    return PluginFrame.newBuilder().setWelcome(welcome).build();
  }

  static PluginFrame threads(long request, boolean allLiveApart) {
    var answer = ThreadsAnswer.newBuilder().setRequest(request).setAllLiveApart(allLiveApart);
    return PluginFrame.newBuilder().setThreadsAnswer(answer).build();
  }

  static PluginFrame ping(long number) {
    return PluginFrame.newBuilder().setPing(Ping.newBuilder().setNumber(number)).build();
  }
}
