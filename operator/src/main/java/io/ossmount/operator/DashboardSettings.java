package io.ossmount.operator;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the dashboard is served.
 *
 * @param enabled OSSMOUNT_DASHBOARD: false unless it says true
 * @param port OSSMOUNT_DASHBOARD_PORT: 19999 unless it says another
 * @param tls OSSMOUNT_DASHBOARD_TLS: directory of {@code tls.crt} and {@code tls.key}; null: the
 *     installation's own authority issues a certificate
 */
record DashboardSettings(boolean enabled, int port, @Nullable Path tls) {
  /** The number that Alluxio's users know. */
  static final int PORT = 19999;
}
