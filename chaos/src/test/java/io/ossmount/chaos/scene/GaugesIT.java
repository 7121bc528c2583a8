package io.ossmount.chaos.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Of this process itself. Needs root, nsenter and curl. */
final class GaugesIT {
  private static final String TEXT = "# TYPE ossmount_a gauge\nossmount_ab 4\nossmount_a 3.0\n";

  @Test
  void a_process_is_found_by_the_ports_that_it_listens_at() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    var server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          var bytes = TEXT.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      var gauges = Gauges.of(ProcessHandle.current().pid());

      assertThat(gauges.value("ossmount_a")).isEqualTo(3);
      assertThatThrownBy(() -> gauges.value("ossmount_b")).isInstanceOf(IOException.class);
    } finally {
      server.stop(0);
    }
  }
}
