/**
 * The API for whoever runs the emulator as a process: faults, log, keys and health, as JSON on a
 * port of its own, without authentication. Start with {@link
 * io.ossmount.emulator.admin.AdminService}.
 */
@NullMarked
package io.ossmount.emulator.admin;

import org.jspecify.annotations.NullMarked;
